package dev.keyproof.broker.device;

/** Whether this broker's journal had no record yet when it was opened: what its tokens hold then, they held before. */
public record FirstStart(boolean yes) {}
