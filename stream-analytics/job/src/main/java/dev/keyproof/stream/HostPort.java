package dev.keyproof.stream;

/** Where a server listens. */
record HostPort(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException if the text is not {@code host:port} */
    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon > 0) {
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (port > 0 && port <= MAX_PORT) {
                    return new HostPort(text.substring(0, colon), port);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(text + " is not host:port", e);
            }
        }
        throw new IllegalArgumentException(text + " is not host:port");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
