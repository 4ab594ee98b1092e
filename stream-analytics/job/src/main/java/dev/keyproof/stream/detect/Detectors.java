package dev.keyproof.stream.detect;

import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.read.KeyEvent;
import org.apache.flink.api.common.functions.FilterFunction;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** All detectors over a stream of events. */
public final class Detectors {
    private Detectors() {}

    /** Findings of all detectors; those with {@code alert} set belong on the urgent path as well. */
    public static DataStream<Emission> of(DataStream<KeyEvent> events, Limits limits) {
        SingleOutputStreamOperator<KeyUse> uses = events.filter(
                        (FilterFunction<KeyEvent>) event -> event.finished() && !event.key.isEmpty())
                .name("uses of keys")
                .map((MapFunction<KeyEvent, KeyUse>) KeyUse::of)
                .returns(TypeInformation.of(KeyUse.class))
                .name("slim");
        DataStream<Emission> byKey = uses.keyBy((KeySelector<KeyUse, String>) use -> use.key, Types.STRING)
                .process(new KeyDetector(limits), TypeInformation.of(Emission.class))
                .uid("key-detector")
                .name("key detector");
        DataStream<Emission> byCaller = events.filter(
                        (FilterFunction<KeyEvent>) event -> event.finished() && event.denied && !event.actor.isEmpty())
                .name("refused calls")
                .map((MapFunction<KeyEvent, KeyUse>) KeyUse::of)
                .returns(TypeInformation.of(KeyUse.class))
                .name("slim refused")
                .keyBy((KeySelector<KeyUse, String>) use -> use.actor, Types.STRING)
                .process(new DenialDetector(limits.denials()), TypeInformation.of(Emission.class))
                .uid("denial-detector")
                .name("denial detector");
        return byKey.union(byCaller, ofSingleEvents(events));
    }

    /** Findings of the detectors that keep no state. */
    public static DataStream<Emission> ofSingleEvents(DataStream<KeyEvent> events) {
        return events.flatMap(new SingleEventDetector(), TypeInformation.of(Emission.class))
                .uid("single-event-detector")
                .name("single event detector");
    }
}
