package dev.keyproof.broker.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** By which ways approvers are told what waits for them; by none where nothing is set. */
public record NoticeSettings(
        @Nullable WebhookSettings webhook, @Nullable MailSettings mail) {
    static final NoticeSettings NONE = new NoticeSettings(null, null);

    /**
     * A receiver of Standard Webhooks.
     *
     * @param url https, or http on this machine
     * @param secretFile file with 24 to 64 bytes in base64, with or without {@code whsec_} before it
     */
    public record WebhookSettings(
            @Nullable String url, @Nullable Path secretFile) {}

    /**
     * A mail server.
     *
     * @param host the server
     * @param port its port
     * @param startTls {@code required}; {@code none} for a server on this machine alone
     * @param username with {@code passwordFile}, where the server asks for it
     * @param passwordFile file with the password of {@code username}
     * @param from the sender
     * @param addresses of approvers, by id
     */
    public record MailSettings(
            @Nullable String host,
            @DefaultValue("587") int port,
            @DefaultValue("required") String startTls,
            @Nullable String username,
            @Nullable Path passwordFile,
            @Nullable String from,
            @DefaultValue Map<String, String> addresses) {}

    private static final String HERE = "127\\.0\\.0\\.1|\\[::1]|localhost";

    /** What cannot be as it is set. */
    void check(List<String> faults) {
        if (webhook != null
                && (!String.valueOf(webhook.url).matches("https://.+|http://(" + HERE + ")(:[0-9]{1,5})?(/.*)?")
                        || webhook.secretFile == null)) {
            faults.add(
                    "keyproof.notices.webhook: needs secret-file, and url, which is https:// (http:// for this machine"
                            + " alone)");
        }
        if (mail != null && (mail.host == null || mail.from == null)) {
            faults.add("keyproof.notices.mail: needs host and from");
        }
        if (mail != null
                && !mail.startTls.equals("required")
                && !(mail.startTls.equals("none") && String.valueOf(mail.host).matches(HERE))) {
            faults.add("keyproof.notices.mail.start-tls: '" + mail.startTls
                    + "' is neither required nor, for a server on this machine, none");
        }
        if (mail != null && (mail.username == null) != (mail.passwordFile == null)) {
            faults.add("keyproof.notices.mail: username and password-file go together");
        }
    }
}
