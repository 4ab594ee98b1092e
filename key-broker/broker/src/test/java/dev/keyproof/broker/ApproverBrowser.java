package dev.keyproof.broker;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An approver before a real Chromium, with a security key plugged in that holds one passkey. */
final class ApproverBrowser implements AutoCloseable {
    private final Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    private final Browser browser = playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium())
                    .setArgs(List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
    private final Page page = browser.newPage();
    private final List<String> faults = new ArrayList<>();

    private final CDPSession devtools;
    private final String authenticator;

    /** With an empty security key. */
    ApproverBrowser() {
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                faults.add(message.text());
            }
        });
        page.onPageError(faults::add);
        devtools = page.context().newCDPSession(page);
        devtools.send("WebAuthn.enable");
        JsonObject options = new JsonObject();
        options.addProperty("protocol", "ctap2");
        options.addProperty("transport", "usb");
        options.addProperty("hasResidentKey", true);
        options.addProperty("hasUserVerification", true);
        options.addProperty("isUserVerified", true);
        options.addProperty("automaticPresenceSimulation", true);
        JsonObject wanted = new JsonObject();
        wanted.add("options", options);
        authenticator = devtools.send("WebAuthn.addVirtualAuthenticator", wanted)
                .get("authenticatorId")
                .getAsString();
    }

    ApproverBrowser(SoftPasskey passkey) throws Exception {
        this();
        JsonObject credential = new JsonObject();
        credential.addProperty(
                "credentialId",
                Base64.getEncoder().encodeToString(Base64.getUrlDecoder().decode(passkey.credential())));
        credential.addProperty("isResidentCredential", true);
        credential.addProperty("rpId", "localhost");
        credential.addProperty(
                "privateKey",
                Base64.getEncoder()
                        .encodeToString(passkey.key().toECPrivateKey().getEncoded()));
        credential.addProperty("userHandle", Base64.getEncoder().encodeToString(new byte[] {1}));
        credential.addProperty("signCount", 1);
        JsonObject added = new JsonObject();
        added.addProperty("authenticatorId", authenticator);
        added.add("credential", credential);
        devtools.send("WebAuthn.addCredential", added);
    }

    /** Opens the page about a request and signs in. */
    void open(String origin, String approval, String token) {
        page.navigate(origin + "/approve?id=" + approval);
        page.fill("#token", token);
        page.click("#sign-in button");
        page.waitForSelector("#request:not([hidden])", new Page.WaitForSelectorOptions().setTimeout(15_000));
    }

    /** Makes a passkey and asks for its enrolment; what the page says then. */
    String register(String origin, String token, String approver, boolean hard) {
        page.navigate(origin + "/approve");
        page.fill("#token", token);
        page.click("#sign-in button");
        page.waitForSelector("#register:not([hidden])", new Page.WaitForSelectorOptions().setTimeout(15_000));
        page.fill("#approver", approver);
        page.fill("#change", "CHG-5");
        if (hard) {
            page.check("#hard");
        }
        return press("#register button");
    }

    String fact(String name) {
        return page.textContent("[data-fact='" + name + "']");
    }

    String statement() {
        return page.textContent("#statement");
    }

    /** Presses a button and waits for what the page says then. */
    String press(String button) {
        page.click(button);
        return page.waitForSelector(
                        "#message[data-state=good], #message[data-state=bad]",
                        new Page.WaitForSelectorOptions().setTimeout(15_000))
                .textContent();
    }

    List<String> faults() {
        return faults;
    }

    private static Path chromium() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError("no Chromium here; install it, on Debian: apt-get install -y chromium"));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
