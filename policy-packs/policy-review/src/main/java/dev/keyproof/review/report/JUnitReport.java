package dev.keyproof.review.report;

import dev.keyproof.review.replay.Change;
import dev.keyproof.review.replay.FlipGroup;
import dev.keyproof.review.replay.ReplayReport;
import dev.keyproof.review.standing.StandingReport;
import dev.keyproof.review.standing.VerdictChange;
import dev.keyproof.review.standing.VerdictGroup;
import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A review as a test run: one case for the faith of the replay, one for each kind of change. */
public final class JUnitReport {
    private JUnitReport() {}

    /** @param thresholds the changes that fail */
    public static String of(Review review, Thresholds thresholds) {
        return suite(xml -> {
            ReplayReport replay = review.replay();
            if (replay != null) {
                cases(xml, replay, thresholds);
            }
            StandingReport standing = review.standing();
            if (standing != null) {
                cases(xml, standing, thresholds);
            }
            if (!review.unproven().isEmpty()) {
                xml.writeStartElement("system-out");
                xml.writeCharacters(plain("Not proven: " + String.join("\nNot proven: ", review.unproven())));
                xml.writeEndElement();
            }
        });
    }

    /** One case, which failed. */
    static String failed(String suite, String name, String message, String text) {
        return suite(xml -> {
            begin(xml, suite, name);
            failure(xml, message, text);
            xml.writeEndElement();
        });
    }

    private interface Cases {
        void to(XMLStreamWriter xml) throws XMLStreamException;
    }

    private static String suite(Cases cases) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "policy review");
            cases.to(xml);
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a text takes whatever is written", e);
        }
        return text + "\n";
    }

    private static void cases(XMLStreamWriter xml, ReplayReport replay, Thresholds thresholds)
            throws XMLStreamException {
        begin(xml, "policy.replay", "replayed = sealed");
        if (!replay.isFaithful()) {
            failure(xml, replay.same() + " of " + replay.replayed(), "");
        } else if (replay.replayed() == 0) {
            xml.writeEmptyElement("skipped");
            xml.writeAttribute("message", "no decision was made again");
        }
        xml.writeEndElement();
        begin(xml, "policy.replay", Thresholds.UNREPLAYED);
        if (thresholds.isExceeded(Thresholds.UNREPLAYED, replay.unreplayed())) {
            failure(
                    xml,
                    replay.unreplayed() + " were not made again",
                    String.join("\n", replay.undecided().keySet()));
        }
        xml.writeEndElement();
        for (Change change : Change.values()) {
            begin(xml, "policy.replay", Thresholds.name(change));
            long count = replay.count(change);
            if (thresholds.isExceeded(change, count)) {
                StringBuilder groups = new StringBuilder();
                for (FlipGroup flip : replay.flips()) {
                    if (flip.change() == change) {
                        groups.append(flip.count())
                                .append(' ')
                                .append(flip.operation())
                                .append(' ')
                                .append(flip.actor())
                                .append(' ')
                                .append(flip.key())
                                .append('\n');
                    }
                }
                failure(xml, count + " " + change.text(), groups.toString());
            }
            xml.writeEndElement();
        }
    }

    private static void cases(XMLStreamWriter xml, StandingReport standing, Thresholds thresholds)
            throws XMLStreamException {
        for (VerdictChange change : VerdictChange.values()) {
            begin(xml, "policy.rules", Thresholds.name(change));
            long count = standing.count(change);
            if (thresholds.isExceeded(change, count)) {
                StringBuilder groups = new StringBuilder();
                for (VerdictGroup group : standing.changes()) {
                    if (group.change() == change) {
                        groups.append(group.count())
                                .append(' ')
                                .append(group.rule())
                                .append(", as of ")
                                .append(StandingMarkdown.named(group.examples().getFirst()))
                                .append('\n');
                    }
                }
                failure(xml, count + " " + change.text(), groups.toString());
            }
            xml.writeEndElement();
        }
    }

    private static void begin(XMLStreamWriter xml, String suite, String name) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", suite);
        xml.writeAttribute("name", name);
    }

    private static void failure(XMLStreamWriter xml, String message, String text) throws XMLStreamException {
        xml.writeStartElement("failure");
        xml.writeAttribute("message", message);
        xml.writeCharacters(plain(text));
        xml.writeEndElement();
    }

    /** XML has no way to write most control characters. */
    private static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\\n]]", "?");
    }
}
