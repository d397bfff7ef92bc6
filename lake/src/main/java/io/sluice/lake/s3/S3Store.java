package io.sluice.lake.s3;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** What all files share: a client, made when it is first needed, threads, and how to use them. */
final class S3Store implements AutoCloseable {

  private final S3Config config;
  private final S3Patience patience;
  private final S3Counters counters = new S3Counters();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "s3-upload");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable S3Client client;
  private boolean closed;

  S3Store(S3Config config, S3Patience patience) {
    this.config = config;
    this.patience = patience;
  }

  /**
   * @throws RuntimeIOException it cannot be made as things are: no region is found
   */
  synchronized S3Client client() {
    S3Client made = client;
    if (made == null && closed) {
      throw new RuntimeIOException(new IOException("cannot use store: it is closed"));
    }
    if (made == null) {
      try {
        made = S3Clients.of(config, patience, counters);
        client = made;
      } catch (SdkException e) {
        throw S3Failures.unchecked("use store", Objects.toString(config.endpoint(), "AWS"), e);
      }
    }
    return made;
  }

  S3Config config() {
    return config;
  }

  S3Patience patience() {
    return patience;
  }

  S3Counters counters() {
    return counters;
  }

  ExecutorService threads() {
    return threads;
  }

  @Override
  public synchronized void close() {
    closed = true;
    threads.shutdownNow();
    if (client != null) {
      client.close();
    }
  }
}
