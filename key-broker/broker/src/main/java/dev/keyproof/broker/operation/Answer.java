package dev.keyproof.broker.operation;

/** What a call returns, and where its record stands. */
public record Answer<T>(T value, String position) {}
