// Appends records to a Tessera log on a POSIX file system and prints how many a second were integrated durably; the bound that our own
// log is held against on the same disk.
package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"flag"
	"fmt"
	"log"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("dir", "", "folder of the log")
	size := flag.Int("bytes", 2048, "bytes of a record")
	batch := flag.Uint("batch", tessera.DefaultBatchMaxSize, "records in a batch")
	limit := flag.Duration("for", 4*time.Second, "how long records are added")
	flag.Parse()

	ctx := context.Background()
	key, _, err := note.GenerateKey(rand.Reader, "bench")
	if err != nil {
		log.Fatal(err)
	}
	signer, err := note.NewSigner(key)
	if err != nil {
		log.Fatal(err)
	}
	driver, err := posix.New(ctx, posix.Config{Path: *dir})
	if err != nil {
		log.Fatal(err)
	}
	outstanding := 8 * *batch
	if outstanding < tessera.DefaultPushbackMaxOutstanding {
		outstanding = tessera.DefaultPushbackMaxOutstanding
	}
	appender, shutdown, _, err := tessera.NewAppender(ctx, driver, tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithCheckpointInterval(time.Second).
		WithBatching(*batch, 50*time.Millisecond).
		WithPushback(2*outstanding))
	if err != nil {
		log.Fatal(err)
	}

	record := make([]byte, *size)
	if _, err := rand.Read(record); err != nil {
		log.Fatal(err)
	}
	var waiting []tessera.IndexFuture
	count := uint64(0)
	begun := time.Now()
	for time.Since(begun) < *limit {
		if uint(len(waiting)) >= outstanding {
			if _, err := waiting[0](); err != nil {
				log.Fatal(err)
			}
			waiting = waiting[1:]
		}
		next := append([]byte(nil), record...)
		binary.BigEndian.PutUint64(next, count)
		waiting = append(waiting, appender.Add(ctx, tessera.NewEntry(next)))
		count++
	}
	for _, future := range waiting {
		if _, err := future(); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Printf("%.0f\n", float64(count)/time.Since(begun).Seconds())
	if err := shutdown(ctx); err != nil {
		log.Fatal(err)
	}
}
