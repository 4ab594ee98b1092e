package dev.keyproof.review.report;

import dev.keyproof.review.replay.Change;
import dev.keyproof.review.replay.FlipGroup;
import dev.keyproof.review.replay.ReplayReport;
import java.io.StringWriter;
import java.util.Set;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A review as a test run: one case for the faith of the replay, one for each kind of change. */
public final class JUnitReport {
    private JUnitReport() {}

    /** @param failing the changes that fail */
    public static String of(Review review, Set<Change> failing) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "policy review");
            ReplayReport replay = review.replay();
            if (replay != null) {
                cases(xml, replay, failing);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a text takes whatever is written", e);
        }
        return text + "\n";
    }

    private static void cases(XMLStreamWriter xml, ReplayReport replay, Set<Change> failing) throws XMLStreamException {
        begin(xml, "replayed = sealed");
        if (!replay.isFaithful()) {
            failure(xml, replay.same() + " of " + replay.replayed(), "");
        }
        xml.writeEndElement();
        for (Change change : Change.values()) {
            begin(xml, JsonReport.name(change));
            long count = replay.count(change);
            if (count > 0 && failing.contains(change)) {
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

    private static void begin(XMLStreamWriter xml, String name) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "policy.replay");
        xml.writeAttribute("name", name);
    }

    private static void failure(XMLStreamWriter xml, String message, String text) throws XMLStreamException {
        xml.writeStartElement("failure");
        xml.writeAttribute("message", message);
        // XML has no way to write most control characters.
        xml.writeCharacters(text.replaceAll("[\\p{Cntrl}&&[^\\n]]", "?"));
        xml.writeEndElement();
    }
}
