package dev.keyproof.broker;

import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Outbox;
import dev.keyproof.broker.config.BrokerProperties;
import dev.keyproof.broker.config.ConfigurationFault;
import dev.keyproof.broker.config.NoticeSettings;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.notice.Channel;
import dev.keyproof.broker.notice.Deliveries;
import dev.keyproof.broker.notice.Escalations;
import dev.keyproof.broker.notice.Mail;
import dev.keyproof.broker.notice.NoticeStore;
import dev.keyproof.broker.notice.OnCall;
import dev.keyproof.broker.notice.Webhook;
import dev.keyproof.broker.policy.PolicyInForce;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts together how people are told of approvals. */
@Configuration(proxyBeanMethods = false)
class NoticeConfiguration {
    private static final String PATIENCE_MS = "5000";
    private static final int LEAST_SECRET = 24;
    private static final int LARGEST_SECRET = 64;

    /** All ways that are configured. */
    record Channels(List<Channel> all) {}

    @Bean
    OnCall onCall(PolicyInForce policy) {
        return new OnCall(() -> policy.parameters().path("approving"));
    }

    @Bean
    Channels channels(BrokerProperties.Checked settings, Clock clock) {
        String origin = settings.passkeys().origin();
        String page = origin == null ? null : origin + "/approve";
        List<Channel> all = new ArrayList<>();
        NoticeSettings.WebhookSettings webhook = settings.notices().webhook();
        if (webhook != null && webhook.url() != null && webhook.secretFile() != null) {
            all.add(new Webhook(URI.create(webhook.url()), secret(webhook.secretFile()), page, clock));
        }
        NoticeSettings.MailSettings mail = settings.notices().mail();
        if (mail != null && mail.from() != null) {
            all.add(new Mail(sender(mail), mail.from(), mail.addresses(), page));
        }
        return new Channels(List.copyOf(all));
    }

    @Bean
    NoticeStore notices(JdbcClient jdbc, TransactionTemplate transaction, Channels channels, Clock clock) {
        return new NoticeStore(
                jdbc, transaction, channels.all().stream().map(Channel::name).toList(), clock);
    }

    @Bean
    Escalations escalations(Approvals approvals, Outbox outbox, OnCall onCall, Recorder recorder, Clock clock) {
        return new Escalations(approvals, outbox, onCall, recorder, clock);
    }

    @Bean(initMethod = "start")
    Deliveries deliveries(
            NoticeStore store, Channels channels, Approvals approvals, OnCall onCall, Recorder recorder, Clock clock) {
        return new Deliveries(store, channels.all(), approvals, onCall, recorder, clock);
    }

    private static byte[] secret(Path file) {
        String setting = "keyproof.notices.webhook.secret-file: " + file;
        try {
            byte[] secret =
                    Base64.getDecoder().decode(Files.readString(file).strip().replaceFirst("^whsec_", ""));
            if (secret.length < LEAST_SECRET || secret.length > LARGEST_SECRET) {
                throw new ConfigurationFault(setting + " holds no 24 to 64 bytes");
            }
            return secret;
        } catch (IOException e) {
            throw new ConfigurationFault(setting + " cannot be read", e);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationFault(setting + " is not base64");
        }
    }

    private static JavaMailSenderImpl sender(NoticeSettings.MailSettings mail) {
        JavaMailSenderImpl sender = new JavaMailSenderImpl();
        sender.setHost(mail.host());
        sender.setPort(mail.port());
        Properties properties = sender.getJavaMailProperties();
        for (String wait : List.of("connectiontimeout", "timeout", "writetimeout")) {
            properties.setProperty("mail.smtp." + wait, PATIENCE_MS);
        }
        boolean required = mail.startTls().equals("required");
        properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(required));
        properties.setProperty("mail.smtp.starttls.required", Boolean.toString(required));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        if (mail.username() != null && mail.passwordFile() != null) {
            sender.setUsername(mail.username());
            sender.setPassword(password(mail.passwordFile()));
            properties.setProperty("mail.smtp.auth", "true");
        }
        return sender;
    }

    private static @Nullable String password(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new ConfigurationFault("keyproof.notices.mail.password-file: " + file + " cannot be read", e);
        }
    }
}
