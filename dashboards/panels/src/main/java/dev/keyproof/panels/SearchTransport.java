package dev.keyproof.panels;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;
import org.opensearch.client.json.jackson.JacksonJsonpMapper;
import org.opensearch.client.opensearch.OpenSearchClient;
import org.opensearch.client.opensearch.generic.OpenSearchGenericClient;
import org.opensearch.client.transport.OpenSearchTransport;
import org.opensearch.client.transport.httpclient5.ApacheHttpClient5TransportBuilder;

/** Connections to OpenSearch. */
public final class SearchTransport {
    private SearchTransport() {}

    /**
     * Opens a transport; with a user name, the password is the content of {@code passwordFile} without the line's end.
     *
     * @throws IOException if the password file cannot be read
     */
    public static OpenSearchTransport open(URI url, @Nullable String username, @Nullable Path passwordFile)
            throws IOException {
        HttpHost host = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
        ApacheHttpClient5TransportBuilder builder =
                ApacheHttpClient5TransportBuilder.builder(host).setMapper(new JacksonJsonpMapper());
        if (username != null && passwordFile != null) {
            BasicCredentialsProvider credentials = new BasicCredentialsProvider();
            credentials.setCredentials(
                    new AuthScope(host),
                    new UsernamePasswordCredentials(
                            username, Files.readString(passwordFile).strip().toCharArray()));
            builder.setHttpClientConfigCallback(http -> http.setDefaultCredentialsProvider(credentials));
        }
        return builder.build();
    }

    /** A client for raw requests, which does not throw on an answer of 400 or more. */
    public static OpenSearchGenericClient generic(OpenSearchTransport transport) {
        return new OpenSearchClient(transport).generic();
    }
}
