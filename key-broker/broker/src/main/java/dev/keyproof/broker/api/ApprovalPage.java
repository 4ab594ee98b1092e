package dev.keyproof.broker.api;

import dev.keyproof.broker.config.BrokerProperties;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The page on which approvers read what they sign and sign it with their passkeys. It is there where passkeys are taken. */
@RestController
@Hidden
class ApprovalPage {
    /** Scripts, styles and calls are the broker's own, and nobody shows the page within another. */
    private static final String CONTENT_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final boolean served;

    ApprovalPage(BrokerProperties.Checked settings) {
        this.served = settings.passkeys().origin() != null;
    }

    @GetMapping("/approve")
    ResponseEntity<Resource> page() throws ProblemException {
        return file("index.html", MediaType.TEXT_HTML);
    }

    @GetMapping("/approve/approve.js")
    ResponseEntity<Resource> script() throws ProblemException {
        return file("approve.js", MediaType.valueOf("text/javascript"));
    }

    @GetMapping("/approve/approve.css")
    ResponseEntity<Resource> style() throws ProblemException {
        return file("approve.css", MediaType.valueOf("text/css"));
    }

    private ResponseEntity<Resource> file(String name, MediaType type) throws ProblemException {
        if (!served) {
            throw new ProblemException(Problem.NOT_FOUND, "keyproof.passkeys is not set");
        }
        return ResponseEntity.ok()
                .contentType(type)
                .cacheControl(CacheControl.noStore())
                .header("Content-Security-Policy", CONTENT_POLICY)
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .body(new ClassPathResource("approve/" + name));
    }
}
