package io.sluice.schema.security;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.Telemetry;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files of certificates and tokens now and then, on a thread of its own. What two looks in
 * a row find is taken: so a file that is being written is not, for as long as it is written on
 * within the time between two looks. Files that cannot be used change nothing; it is said once for
 * each sentence, and counted each time.
 */
public final class Reload implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

  private final Telemetry telemetry;
  private final Duration every;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "reload");
            thread.setDaemon(true);
            return thread;
          });

  public Reload(Telemetry telemetry, Duration every) {
    this.telemetry = telemetry;
    this.every = every;
  }

  /**
   * From now on.
   *
   * @param ports which ones they are the files of, for metrics
   */
  @CanIgnoreReturnValue
  public Tls watch(Tls tls, String ports) {
    if (tls.hasIdentity()) {
      telemetry.gauge(
          "sluice.tls.certificate.expiry",
          Attributes.builder().put("ports", ports).build(),
          () -> tls.expires().getEpochSecond());
    }
    start(tls, "certificates of " + ports);
    return tls;
  }

  /** From now on. */
  @CanIgnoreReturnValue
  public Access watch(Access access) {
    start(access, "tokens");
    return access;
  }

  private void start(Refreshed files, String what) {
    Look look = new Look(files, what);
    long millis = every.toMillis();
    Future<?> unused = thread.scheduleWithFixedDelay(look, millis, millis, TimeUnit.MILLISECONDS);
  }

  private final class Look implements Runnable {
    private final Refreshed files;
    private final String what;
    private final LongAdder taken;
    private final LongAdder refused;
    private String said = "";

    Look(Refreshed files, String what) {
      this.files = files;
      this.what = what;
      this.taken = counter("taken");
      this.refused = counter("refused");
    }

    private LongAdder counter(String outcome) {
      return telemetry.counter(
          "sluice.security.reloads",
          Attributes.builder().put("files", what).put("outcome", outcome).build());
    }

    @Override
    public void run() {
      try {
        if (files.refresh()) {
          taken.increment();
        }
        said = "";
      } catch (CannotStartException | RuntimeException e) {
        refused.increment();
        String sentence = String.valueOf(e.getMessage());
        if (!sentence.equals(said)) {
          LOG.error("new {} are not taken, the old ones hold: {}", what, sentence);
          said = sentence;
        }
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
