package dev.keyproof.stream.latency;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Tells Flink how tallies are serialised. */
final class LatencyTallyType extends TypeInformation<LatencyTally> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<LatencyTally> getTypeClass() {
        return LatencyTally.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<LatencyTally> createSerializer(SerializerConfig config) {
        return LatencyTallySerializer.INSTANCE;
    }

    @Override
    public String toString() {
        return "LatencyTally";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LatencyTallyType;
    }

    @Override
    public int hashCode() {
        return LatencyTallyType.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof LatencyTallyType;
    }
}
