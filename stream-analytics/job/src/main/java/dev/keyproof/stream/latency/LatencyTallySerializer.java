package dev.keyproof.stream.latency;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Tallies in the sketch's own encoding, a few hundred bytes each. */
public final class LatencyTallySerializer extends TypeSerializerSingleton<LatencyTally> {
    private static final long serialVersionUID = 1;

    static final LatencyTallySerializer INSTANCE = new LatencyTallySerializer();

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public LatencyTally createInstance() {
        return new LatencyTally();
    }

    @Override
    public LatencyTally copy(LatencyTally from) {
        return from.copy();
    }

    @Override
    public LatencyTally copy(LatencyTally from, LatencyTally reuse) {
        return from.copy();
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(LatencyTally tally, DataOutputView target) throws IOException {
        target.writeLong(tally.calls);
        target.writeLong(tally.failures);
        target.writeLong(tally.deadline);
        GrowingByteArrayOutput encoded = GrowingByteArrayOutput.withDefaultInitialCapacity();
        tally.sketch.encode(encoded, false);
        target.writeInt(encoded.numWrittenBytes());
        target.write(encoded.backingArray(), 0, encoded.numWrittenBytes());
    }

    @Override
    public LatencyTally deserialize(DataInputView source) throws IOException {
        long calls = source.readLong();
        long failures = source.readLong();
        long deadline = source.readLong();
        byte[] encoded = new byte[source.readInt()];
        source.readFully(encoded);
        LatencyTally tally = new LatencyTally(DDSketch.decode(
                ByteArrayInput.wrap(encoded), () -> new CollapsingLowestDenseStore(LatencyTally.maxBuckets())));
        tally.calls = calls;
        tally.failures = failures;
        tally.deadline = deadline;
        return tally;
    }

    @Override
    public LatencyTally deserialize(LatencyTally reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        target.writeLong(source.readLong());
        target.writeLong(source.readLong());
        target.writeLong(source.readLong());
        int length = source.readInt();
        target.writeInt(length);
        target.write(source, length);
    }

    @Override
    public TypeSerializerSnapshot<LatencyTally> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format above; a change of it needs a new serialiser. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<LatencyTally> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
