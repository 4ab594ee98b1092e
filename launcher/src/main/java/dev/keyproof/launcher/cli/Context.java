package dev.keyproof.launcher.cli;

import dev.keyproof.launcher.home.Config;
import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.Secrets;
import dev.keyproof.launcher.parts.Checkout;
import dev.keyproof.launcher.parts.KafkaPart;
import dev.keyproof.launcher.parts.OpenSearchPart;
import dev.keyproof.launcher.parts.Part;
import dev.keyproof.launcher.parts.PostgresPart;
import dev.keyproof.launcher.process.Spawner;
import dev.keyproof.launcher.run.House;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An installation with all that its commands need. */
record Context(Home home, Config config, Secrets secrets, Checkout checkout) {

    /** Where people and programs find it, as in {@code demo/summary.json}. */
    Map<String, String> addresses() {
        Map<String, String> addresses = new LinkedHashMap<>();
        addresses.put("broker", "http://127.0.0.1:" + config.ports().broker());
        addresses.put("console", "http://127.0.0.1:" + config.ports().console());
        addresses.put("opensearch", "http://127.0.0.1:" + config.ports().opensearch());
        return addresses;
    }

    /** The parts, each behind those it needs. */
    House house() {
        Spawner spawner = new Spawner();
        List<Part> parts = new ArrayList<>();
        parts.add(new PostgresPart(home, secrets, spawner, config.ports().postgres()));
        parts.add(new KafkaPart(
                home,
                checkout,
                secrets,
                spawner,
                config.ports().kafka(),
                config.ports().kafkaController(),
                config.heaps().kafka()));
        parts.add(new OpenSearchPart(
                home,
                checkout,
                config.ports().opensearch(),
                config.ports().opensearchTransport(),
                config.heaps().opensearch()));
        return new House(home, parts);
    }
}
