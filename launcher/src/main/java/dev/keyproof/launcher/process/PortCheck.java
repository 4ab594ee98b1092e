package dev.keyproof.launcher.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Whether a loopback port can be listened on. */
public final class PortCheck {
    private PortCheck() {}

    /** Whether nobody listens on that port of the loopback address. */
    public static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do: a connection that is only fading away does not count as taken.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
