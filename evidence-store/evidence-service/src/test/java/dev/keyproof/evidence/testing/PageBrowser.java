package dev.keyproof.evidence.testing;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A person with the pages of a pack in a real Chromium, opened from disk. */
public final class PageBrowser implements AutoCloseable {
    private static final double PATIENCE_MS = 60_000;

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
    private final List<String> faults = new ArrayList<>();

    /**
     * What the page says.
     *
     * @param state {@code good}, {@code warn} or {@code bad}
     * @param code of the fault; empty where there is none
     * @param text all that can be read on the page
     */
    public record Said(String state, String title, String reason, String code, List<String> unchecked, String text) {}

    /** Gives the page a pack and perhaps a trust file; the page stays open for {@code then}. */
    public Said check(Path html, Path pack, @Nullable Path trust, Consumer<Page> then) {
        Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1000, 1200));
        try {
            open(page, html);
            if (trust != null) {
                page.setInputFiles("#trust", trust);
            }
            page.setInputFiles("#pack", pack);
            page.waitForSelector(
                    "body:is([data-verdict=good], [data-verdict=warn], [data-verdict=bad])",
                    new Page.WaitForSelectorOptions().setTimeout(PATIENCE_MS));
            then.accept(page);
            List<String> unchecked = new ArrayList<>();
            for (ElementHandle item : page.querySelectorAll("#unchecked-list li")) {
                unchecked.add(item.textContent());
            }
            return new Said(
                    Objects.requireNonNull(page.getAttribute("body", "data-verdict")),
                    page.textContent("#verdict-title"),
                    page.textContent("#verdict-text"),
                    Objects.requireNonNull(page.getAttribute("body", "data-code")),
                    unchecked,
                    page.innerText("body"));
        } finally {
            page.close();
        }
    }

    /** Opens a page that needs no script, in a browser that runs none. */
    public void read(Path html, Consumer<Page> then) {
        try (BrowserContext context = browser.newContext(
                new Browser.NewContextOptions().setJavaScriptEnabled(false).setViewportSize(1000, 1200))) {
            Page page = context.newPage();
            open(page, html);
            then.accept(page);
        }
    }

    private void open(Page page, Path html) {
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                faults.add(message.type() + ": " + message.text());
            }
        });
        page.onPageError(error -> faults.add("script error: " + error));
        page.onRequest(request -> {
            if (!request.url().equals(page(html))) {
                faults.add("asked for " + request.url());
            }
        });
        page.navigate(page(html));
    }

    /** Messages of the browser's console above a note, script errors, and anything the page asked for but itself. */
    public List<String> faults() {
        return faults;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }

    private static String page(Path html) {
        return "file://" + html.toAbsolutePath();
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
