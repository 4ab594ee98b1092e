package dev.keyproof.broker.http;

import java.util.Arrays;
import java.util.Objects;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.util.JsonRecyclerPools;

/** No buffer of server or JSON keeps what a request brought or an answer took away; a renewed certificate is shown at once. */
@Configuration(proxyBeanMethods = false)
public class HttpServerConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServerConfiguration.class);

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> wipedBuffers() {
        return factory -> factory.addServerCustomizers(server -> {
            ByteBufferPool pool = new WipingBufferPool(new ArrayByteBufferPool());
            server.setConnectors(Arrays.stream(server.getConnectors())
                    .map(connector -> with(pool, server, (ServerConnector) connector))
                    .toArray(Connector[]::new));
        });
    }

    /** Spring renews the bundle when its files change, but does not tell Jetty. */
    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> renewedCertificate(
            SslBundles bundles, @Value("${server.ssl.bundle:}") String bundle) {
        return factory -> factory.addServerCustomizers(server -> Arrays.stream(server.getConnectors())
                .map(connector -> connector.getConnectionFactory(SslConnectionFactory.class))
                .filter(Objects::nonNull)
                .map(SslConnectionFactory::getSslContextFactory)
                .forEach(tls -> bundles.addBundleUpdateHandler(bundle, renewed -> renew(tls, renewed))));
    }

    private static void renew(SslContextFactory.Server tls, SslBundle renewed) {
        try {
            tls.reload(into -> into.setSslContext(renewed.createSslContext()));
        } catch (Exception e) {
            LOG.error("event=certificate-not-renewed", e);
        }
    }

    /** The same connector on that pool, which it takes only when it is made. */
    private static Connector with(ByteBufferPool pool, Server server, ServerConnector connector) {
        ServerConnector other = new ServerConnector(
                server,
                null,
                null,
                pool,
                -1,
                -1,
                connector.getConnectionFactories().toArray(ConnectionFactory[]::new));
        other.setHost(connector.getHost());
        other.setPort(connector.getPort());
        other.setIdleTimeout(connector.getIdleTimeout());
        return other;
    }

    /** Recycled buffers would keep texts until they are used again. */
    @Bean
    JsonFactoryBuilderCustomizer freshBuffers() {
        return factory -> factory.recyclerPool(JsonRecyclerPools.nonRecyclingPool());
    }
}
