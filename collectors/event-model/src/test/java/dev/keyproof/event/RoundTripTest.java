package dev.keyproof.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.testing.OcsfSchema;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the values, an event read back is the event, and its bytes are OCSF. */
final class RoundTripTest {
    private final EventCodec codec = new EventCodec();

    @Property(tries = 200)
    void decodingUndoesEncoding(@ForAll("activities") ApiActivity event) throws EventFormatException {
        byte[] bytes = codec.encode(event);

        assertThat(codec.decode(bytes)).isEqualTo(event);
        assertThat(codec.encode(codec.decode(bytes))).isEqualTo(bytes);
    }

    @Property(tries = 30)
    void everyActivityIsOcsf(@ForAll("activities") ApiActivity event) throws EventFormatException {
        assertThat(OcsfSchema.violations(codec.encode(event))).isEmpty();
    }

    @Property(tries = 500)
    void noBytesAtAllDoMoreThanBeRefused(@ForAll byte[] bytes) {
        try {
            assertThat(codec.decode(bytes).metadata().uid()).isNotEmpty();
        } catch (EventFormatException e) {
            assertThat(e).hasMessageNotContaining("\u0000");
        }
    }

    @Provide
    Arbitrary<ApiActivity> activities() {
        Arbitrary<String> text = Arbitraries.strings().ofMinLength(1).ofMaxLength(40);
        Arbitrary<String> maybe = text.injectNull(0.3);
        // Whatever stands in a JSON number; small ones come back as int, so those that fit none are drawn.
        Arbitrary<Long> time = Arbitraries.longs().between(1L << 32, 1L << 45);
        return Combinators.combine(
                        Arbitraries.of(KeyOperation.values()),
                        text,
                        maybe,
                        time,
                        time.injectNull(0.5),
                        Arbitraries.of(Status.values()),
                        Arbitraries.of(Severity.values()),
                        Arbitraries.integers().between(1, 256).injectNull(0.5))
                .as((operation, uid, extra, at, start, status, severity, count) -> {
                    ObjectNode unmapped = Samples.object("x", uid);
                    return new ApiActivity(
                            operation.activityId(),
                            operation.activityName(),
                            at,
                            start,
                            start,
                            count,
                            severity,
                            status,
                            extra,
                            extra,
                            extra,
                            Metadata.of(uid, Product.keyproof("broker")).at(uid, at),
                            new Actor(User.of(uid, List.of(uid)), null, extra, null),
                            new Api(
                                    operation.canonicalName(),
                                    new Api.Service(uid),
                                    extra == null ? null : new Api.Request(extra, unmapped),
                                    new Api.Response(count, extra, null)),
                            Endpoint.service(uid),
                            extra == null ? null : new HttpRequest(extra),
                            null,
                            List.of(Resource.key(uid, extra, unmapped)),
                            unmapped);
                });
    }
}
