// Reads a published log as a stranger would: the folder, its verifier key, and the tlog packages of the Go project. Every tile is
// authenticated against the signed root, every bundle's entries against the tiles, and entries by inclusion proofs.
package main

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"log"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
)

// folder reads tiles from a published folder; SaveTiles is told which of them were authenticated.
type folder struct {
	dir   string
	saved int
}

func (f *folder) Height() int { return height }

func (f *folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		content, err := os.ReadFile(filepath.Join(f.dir, filepath.FromSlash(tilePath(tile))))
		if err != nil {
			return nil, err
		}
		data[i] = content
	}
	return data, nil
}

func (f *folder) SaveTiles(tiles []tlog.Tile, _ [][]byte) { f.saved += len(tiles) }

// tilePath is the path of C2SP tlog-tiles, whose height is fixed and therefore not in it as in the older layout of tlog.
func tilePath(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), "tile/"+strconv.Itoa(height)+"/")
}

func entriesPath(index int64, count int) string {
	tile := tlog.Tile{H: height, L: -1, N: index, W: count}
	return "tile/entries/" + strings.TrimPrefix(tile.Path(), "tile/"+strconv.Itoa(height)+"/data/")
}

func entries(bundle []byte) ([][]byte, error) {
	var all [][]byte
	for len(bundle) > 0 {
		if len(bundle) < 2 {
			return nil, fmt.Errorf("bundle ends within a length")
		}
		n := int(binary.BigEndian.Uint16(bundle))
		if len(bundle) < 2+n {
			return nil, fmt.Errorf("bundle ends within an entry")
		}
		all = append(all, bundle[2:2+n])
		bundle = bundle[2+n:]
	}
	return all, nil
}

func checkpoint(dir, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s: %q", verifier.Name(), opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// read authenticates every entry and returns how many hashes lead from it to the root.
func read(dir string, tree tlog.Tree) error {
	source := &folder{dir: dir}
	hashes := tlog.TileHashReader(tree, source)
	random := rand.New(rand.NewSource(6962))
	proven := 0
	for index := int64(0); index*width < tree.N; index++ {
		count := width
		if tree.N-index*width < width {
			count = int(tree.N - index*width)
		}
		bundle, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(entriesPath(index, count))))
		if err != nil {
			return err
		}
		all, err := entries(bundle)
		if err != nil {
			return fmt.Errorf("bundle %d: %v", index, err)
		}
		if len(all) != count {
			return fmt.Errorf("bundle %d has %d entries, not %d", index, len(all), count)
		}
		places := make([]int64, count)
		for i := range places {
			places[i] = tlog.StoredHashIndex(0, index*width+int64(i))
		}
		leaves, err := hashes.ReadHashes(places)
		if err != nil {
			return fmt.Errorf("tile of bundle %d: %v", index, err)
		}
		for i, entry := range all {
			if tlog.RecordHash(entry) != leaves[i] {
				return fmt.Errorf("entry %d is not the one that was sealed", index*width+int64(i))
			}
		}
		one := index*width + int64(random.Intn(count))
		proof, err := tlog.ProveRecord(tree.N, one, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, one, tlog.RecordHash(all[one-index*width])); err != nil {
			return fmt.Errorf("entry %d: %v", one, err)
		}
		proven++
	}
	fmt.Printf("entries %d\nproven %d\ntiles %d\n", tree.N, proven, source.saved)
	return nil
}

// wellNamed finds files that are no tile of this layout.
func wellNamed(dir string) error {
	return filepath.WalkDir(filepath.Join(dir, "tile"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		older := strings.Replace(filepath.ToSlash(name), "tile/entries/", "tile/8/data/", 1)
		if older == filepath.ToSlash(name) {
			older = strings.Replace(older, "tile/", "tile/8/", 1)
		}
		if _, err := tlog.ParseTilePath(older); err != nil {
			return fmt.Errorf("%s: %v", name, err)
		}
		return nil
	})
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: tlogclient FOLDER VKEY")
	}
	tree, err := checkpoint(os.Args[1], os.Args[2])
	if err == nil {
		err = read(os.Args[1], tree)
	}
	if err == nil {
		err = wellNamed(os.Args[1])
	}
	if err != nil {
		log.Fatal(err)
	}
}
