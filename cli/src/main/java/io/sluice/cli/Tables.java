package io.sluice.cli;

import io.grpc.ChannelCredentials;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.query.Writers;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * What a reading command needs: the catalog and the Writers. The catalog takes about a second to
 * open and is opened by a thread of its own, beside what else is to be started.
 */
final class Tables implements AutoCloseable {

  private static final String SQLITE = "jdbc:sqlite:";

  private final BufferAllocator allocator = new RootAllocator();
  private final Writers writers;
  private final FutureTask<Lake> lake;

  private Tables(CommonSettings settings, LakeConfig where, ChannelCredentials credentials) {
    writers = Writers.at(settings.writers(), credentials, allocator);
    lake =
        new FutureTask<>(
            () -> {
              requireCatalog(settings);
              return Lake.open(where, Clock.systemUTC());
            });
  }

  /**
   * Starts to open them.
   *
   * @param credentials by which Writers are reached
   */
  static Tables open(CommonSettings settings, LakeConfig where, ChannelCredentials credentials) {
    Tables tables = new Tables(settings, where, credentials);
    Thread opener = new Thread(tables.lake, "lake");
    opener.setDaemon(true);
    opener.start();
    return tables;
  }

  /**
   * A reader makes no catalog.
   *
   * @throws InvalidSettingsException there is none where the settings say
   */
  static void requireCatalog(CommonSettings settings) throws InvalidSettingsException {
    String uri = settings.catalogUri();
    if (uri.startsWith(SQLITE)) {
      Path file = Path.of(uri.substring(SQLITE.length()).replaceFirst("\\?.*", ""));
      if (!Files.exists(file)) {
        throw new InvalidSettingsException(
            List.of(
                "cannot find catalog: %s (choose the data directory with --data; `sluice up` makes it)"
                    .formatted(file)));
      }
    }
  }

  BufferAllocator allocator() {
    return allocator;
  }

  Writers writers() {
    return writers;
  }

  /**
   * Waits until the catalog is open.
   *
   * @throws InvalidSettingsException there is none where the settings say
   */
  Lake lake() throws IOException, InterruptedException, InvalidSettingsException {
    try {
      return lake.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InvalidSettingsException none) {
        throw none;
      }
      throw e.getCause() instanceof IOException io
          ? io
          : new IOException("cannot open the catalog: " + e.getCause(), e.getCause());
    }
  }

  @Override
  public void close() {
    writers.close();
    try {
      lake.get().close();
    } catch (ExecutionException neverOpened) {
      return; // who needed it has been told
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      allocator.close();
    }
  }
}
