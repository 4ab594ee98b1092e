package dev.keyproof.evidence.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * OpenSearch, in which the log is indexed.
 *
 * @param url without a path
 * @param username with {@code passwordFile}, whose content is the password
 */
public record SearchConfig(URI url, Optional<String> username, Optional<Path> passwordFile) {}
