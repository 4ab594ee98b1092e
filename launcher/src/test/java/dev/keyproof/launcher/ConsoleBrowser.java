package dev.keyproof.launcher;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A person's look at the console with a real Chromium: signs in, waits for the page to be drawn, reads it, takes a picture. */
public final class ConsoleBrowser {
    private static final List<String> PANELS = List.of("operations", "latency", "findings");

    private ConsoleBrowser() {}

    /**
     * What the page showed.
     *
     * @param faults messages of the browser's console above a note, failed requests and script errors
     * @param charts panels that drew at least one mark
     */
    public record Look(
            long operations,
            long logSize,
            String logRoot,
            int findings,
            List<String> charts,
            String pulse,
            List<String> faults) {}

    public static Look look(String console, String token, Path screenshot) {
        List<String> faults = new ArrayList<>();
        try (Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))) {
            Browser browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(chromium())
                            .setArgs(List.of(
                                    "--no-sandbox",
                                    "--disable-gpu",
                                    "--disable-quic",
                                    "--disable-background-networking",
                                    "--disable-component-update",
                                    "--disable-sync")));
            Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1440, 1100));
            page.onConsoleMessage(message -> note(message, faults));
            page.onPageError(error -> faults.add("script error: " + error));
            page.onRequestFailed(request -> faults.add("request failed: " + request.url()));
            page.navigate(console + "/#token=" + token);
            page.waitForSelector("body[data-ready=true]", new Page.WaitForSelectorOptions().setTimeout(30_000));
            List<String> charts = new ArrayList<>();
            for (String panel : PANELS) {
                Locator marks = page.locator("#panel-" + panel + " svg .role-mark path");
                if (marks.count() > 0) {
                    charts.add(panel);
                }
            }
            Look look = new Look(
                    number(page.textContent("#count-operations")),
                    number(page.textContent("#log-size")),
                    page.textContent("#log-root"),
                    page.locator("#findings .chip").count(),
                    charts,
                    page.textContent("#pulse"),
                    faults);
            page.screenshot(new Page.ScreenshotOptions().setPath(screenshot).setFullPage(true));
            browser.close();
            return look;
        }
    }

    private static void note(ConsoleMessage message, List<String> faults) {
        if (message.type().equals("error") || message.type().equals("warning")) {
            faults.add(message.type() + ": " + message.text());
        }
    }

    private static long number(String text) {
        String digits = Pattern.compile("[^0-9]").matcher(text).replaceAll("");
        return digits.isEmpty() ? -1 : Long.parseLong(digits);
    }

    private static Path chromium() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError("no Chromium here; install it, on Debian: apt-get install -y chromium"));
    }
}
