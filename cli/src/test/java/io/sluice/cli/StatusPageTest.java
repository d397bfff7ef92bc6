package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The status pages of a real box, in a real browser. Their pictures are left in {@code
 * target/status-page}.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StatusPageTest {

  private static final Path PICTURES = Path.of("target", "status-page");

  /** Records after which pictures are taken; more, for those of the documentation. */
  private static final int ENOUGH = Integer.getInteger("sluice.page.records", 20_000);

  private static final String CALM = "document.querySelector('#faults .good')";
  private static final String ROWS =
      "Number([...document.querySelectorAll('#%s .sum td')][%d].textContent.replaceAll(',', ''))";

  /** How far the page, or anything on it, is wider than the screen. */
  private static final String TOO_WIDE =
      "document.documentElement.scrollWidth - document.documentElement.clientWidth";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private Browser browser;

  /** Where nobody looks why a test was left out, it is to fail. */
  @BeforeEach
  void start() throws Exception {
    Optional<Path> program = Browser.installed();
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(program.isPresent(), "no chromium is on the PATH (apt-get install chromium)");
    }
    browser = Browser.start(program.orElseThrow(), directory.resolve("browser"));
  }

  @AfterEach
  void end() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void pagesShowABoxIdleUnderLoadAndWithItsStoreAway() throws Exception {
    Path store = Files.createDirectory(directory.resolve("store"));
    try (OneBox box =
        OneBox.start(
            directory.resolve("data"),
            "--warehouse=" + store.toUri(),
            "--seal.soon=2s",
            "--seal.soon-bytes=64KiB",
            "--seal.late=4s")) {
      String writer = box.admin("writer.admin.port");
      String acceptor = box.admin("acceptor.admin.port");
      assertThat(box.said()).anyMatch(line -> line.contains("page") && line.contains(writer));

      browser.screen(1200, 900, false);
      browser.open(writer);
      browser.await(CALM);
      browser.await("document.querySelector('#state').textContent === 'ready'");
      picture("idle", false);

      Process load = box.begin("load", "--signal=all", "--rate=3000", "--seconds=240");
      try {
        browser.await(ROWS.formatted("ledger", 1) + " > " + ENOUGH);
        String before = browser.value(ROWS.formatted("ledger", 1));
        browser.await(ROWS.formatted("ledger", 1) + " > " + before);
        browser.await("document.querySelectorAll('#commits tbody tr').length > 3");
        assertThat(browser.value("document.querySelector('#flows .figure').textContent"))
            .matches("[1-9][0-9,]* /s");
        assertThat(browser.value("document.querySelector('#delays').innerText"))
            .contains("ack", "fsync", "99 %");
        picture("load", false);
        picture("load", true);
        fitsAPhone("writer");

        browser.open(acceptor);
        browser.await("document.querySelector('#received tbody tr')");
        assertThat(browser.value("document.querySelector('#writers').innerText"))
            .contains("connected");
        picture("acceptor", false);
        fitsAPhone("acceptor");

        browser.open(writer);
        browser.await(CALM);
        Files.move(store, directory.resolve("store-away"));
        Files.writeString(store, "no directory");
        browser.await("document.querySelector('#faults .bad')");
        assertThat(browser.value("document.querySelector('#faults').innerText"))
            .contains("annot persist", "Rows stay in the log");
        assertThat(browser.value("document.title")).contains("fault");
        browser.await("document.querySelector('#commits td.bad')");
        picture("store-away", false);
        picture("store-away", true);
        fitsAPhone("store-away");
        Files.delete(store);
        Files.move(directory.resolve("store-away"), store);
        browser.await(CALM);
      } finally {
        load.destroy();
        load.waitFor();
      }
      assertThat(browser.complaints()).isEmpty();
      assertThat(browser.requests())
          .isNotEmpty()
          .allMatch(url -> url.startsWith(writer) || url.startsWith(acceptor));
      box.stop();
      browser.await("document.querySelector('#faults').innerText.includes('does not answer')");
    }
  }

  @Test
  void pageLivesBelowAPrefixOfAProxy() throws Exception {
    try (OneBox box = OneBox.start(directory.resolve("data"));
        PrefixProxy proxy = PrefixProxy.before(box.admin("writer.admin.port"))) {
      browser.open(proxy.url());
      browser.await("!document.querySelector('#main').hidden && " + CALM);
      String shown = browser.value("document.querySelector('#clock').textContent");
      browser.await("document.querySelector('#clock').textContent !== '" + shown + "'");
      assertThat(browser.value("document.querySelector('header img').naturalWidth > 0"))
          .isEqualTo("true");
      assertThat(browser.complaints()).isEmpty();
      assertThat(browser.requests()).allMatch(url -> url.startsWith(proxy.url()));
    }
  }

  @Test
  void textOfOthersStaysTextAndRefusalsAreShown() throws Exception {
    try (OneBox box = OneBox.start(directory.resolve("data"), "--tenants.from-header=true")) {
      String hostile = "<img src=x onerror=document.title=1>";
      assertThat(box.post("/v1/traces", "{}", "X-Scope-OrgID", hostile)).isBetween(400, 499);
      assertThat(box.post("/v1/traces", "{\"resourceSpans\": \"" + hostile + "\"}")).isEqualTo(400);
      assertThat(box.post("/v1/nothing", "{}")).isEqualTo(404);
      browser.open(box.admin("acceptor.admin.port"));
      browser.await("document.querySelectorAll('#refusals tbody tr').length === 3");
      assertThat(browser.value("document.querySelectorAll('#tables img').length")).isEqualTo("0");
      assertThat(browser.value("document.querySelector('#refusals').innerText"))
          .contains("OTLP/HTTP", "no such path");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void whereTokensAreAskedForThePageAsksForOneAndKeepsItToItself() throws Exception {
    Path access = directory.resolve("access.yaml");
    Files.writeString(
        access,
        """
        tokens:
          - name: operator
            token: an-operators-token
            tenant: "*"
            scopes: [admin, read, write]
        """);
    try (OneBox box =
        OneBox.start(directory.resolve("data"), "--access.file=" + access, "--insecure=true")) {
      browser.open(box.admin("writer.admin.port"));
      browser.await("!document.querySelector('#ask').hidden");
      assertThat(browser.value("document.querySelector('#main').hidden")).isEqualTo("true");
      enter("a-token-of-nobody");
      browser.await("document.querySelector('#denied').textContent");
      enter("an-operators-token");
      browser.await("!document.querySelector('#main').hidden && " + CALM);
      String shown = browser.value("document.querySelector('#clock').textContent");
      browser.await("document.querySelector('#clock').textContent !== '" + shown + "'");
      assertThat(browser.value("localStorage.length + sessionStorage.length + document.cookie"))
          .isEqualTo("0");
      assertThat(browser.value("location.href")).doesNotContain("token");
    }
  }

  private void enter(String token) throws Exception {
    browser.value(
        "document.querySelector('#token').value = '%s'; document.querySelector('#ask').requestSubmit()"
            .formatted(token));
  }

  private void fitsAPhone(String name) throws Exception {
    for (boolean dark : List.of(false, true)) {
      browser.screen(390, 844, dark);
      browser.await("innerWidth === 390");
      assertThat(browser.value(TOO_WIDE)).as("%s on a phone", name).isEqualTo("0");
      assertThat(
              browser.value(
                  "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 391).length"))
          .as("%s on a phone", name)
          .isEqualTo("0");
      String theme = dark ? "-dark" : "";
      browser.picture(PICTURES.resolve(name + "-phone" + theme + ".png"), false);
      browser.picture(PICTURES.resolve(name + "-phone" + theme + "-whole.png"), true);
    }
    browser.screen(1200, 900, false);
  }

  private void picture(String name, boolean dark) throws Exception {
    browser.screen(1200, 900, dark);
    String theme = dark ? "-dark" : "";
    browser.picture(PICTURES.resolve(name + theme + ".png"), false);
    browser.picture(PICTURES.resolve(name + theme + "-whole.png"), true);
    browser.screen(1200, 900, false);
  }
}
