package dev.keyproof.broker.notice;

import dev.keyproof.broker.approval.Approval;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.mail.MailException;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.mail.javamail.MimeMessageHelper;

/** Tells approvers by mail, each by a message of the own: nobody learns another's address. */
public final class Mail implements Channel {
    private final JavaMailSenderImpl sender;
    private final String from;
    private final Map<String, String> addresses;
    private final @Nullable String page;

    /**
     * A way over that server.
     *
     * @param addresses of approvers, by id; who has none is told by other ways alone
     * @param page on which people approve
     */
    public Mail(JavaMailSenderImpl sender, String from, Map<String, String> addresses, @Nullable String page) {
        this.sender = sender;
        this.from = from;
        this.addresses = Map.copyOf(addresses);
        this.page = page;
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public void tell(Notice notice, Approval approval, List<String> recipients) throws IOException {
        List<String> to = recipients.stream()
                .map(addresses::get)
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .toList();
        if (to.isEmpty()) {
            return;
        }
        MimeMessage[] messages = new MimeMessage[to.size()];
        try {
            for (int i = 0; i < messages.length; i++) {
                MimeMessageHelper message =
                        new MimeMessageHelper(sender.createMimeMessage(), StandardCharsets.UTF_8.name());
                message.setFrom(from);
                message.setTo(to.get(i));
                message.setSubject("Keyproof: " + approval.operation() + " " + said(notice));
                message.setText(text(notice, approval));
                message.getMimeMessage().setHeader("Keyproof-Notice", notice.id());
                messages[i] = message.getMimeMessage();
            }
            sender.send(messages);
        } catch (MessagingException | MailException e) {
            throw new IOException(e.getClass().getSimpleName(), e);
        }
    }

    private static String said(Notice notice) {
        return switch (notice.what()) {
            case ASKED -> "waits for your approval";
            case ESCALATED -> "still waits, and now for your approval";
            case EXPIRING -> "expires soon without your approval";
            case OVERDUE -> "has waited for its approvals longer than it may";
            case WITHDRAWN -> "lost an approval, which was withdrawn";
            case EXECUTED -> "was done on your approval";
            case EXPIRED -> "expired before it was done";
        };
    }

    private String text(Notice notice, Approval approval) {
        String where = page == null ? "" : "\nRead and answer it at " + page + "?id=" + approval.id() + "\n";
        return approval.operation() + " " + said(notice) + ".\n\n"
                + "Request:      " + approval.id() + "\n"
                + "Key:          " + (approval.key().isEmpty() ? "none" : approval.key()) + "\n"
                + "Change:       " + approval.change() + "\n"
                + "Asked for by: " + approval.requester() + "\n"
                + "Approved by:  " + approval.standing().size() + " of " + approval.quorum() + "\n"
                + "Expires:      " + approval.expires() + "\n" + where;
    }
}
