package dev.keyproof.event;

/** What is known of the HTTP request. */
public record HttpRequest(String userAgent) {}
