package dev.keyproof.pkcs11;

public final class TokenGroup {}
