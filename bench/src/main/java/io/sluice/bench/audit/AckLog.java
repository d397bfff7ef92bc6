package io.sluice.bench.audit;

import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Shape;
import io.sluice.bench.record.Template;
import io.sluice.schema.security.PrivateFile;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Notes what was sent and acked, a line at a time, each handed to the operating system at once: a
 * request is noted as sent before it is sent, so a kill of the load loses no sent request and at
 * worst the notes of acks that nobody has acted on. Used by all lanes; each line is one write.
 *
 * <pre>
 * sluice-acks 2 &lt;run, 16 hex digits&gt;
 * s &lt;lane&gt; &lt;request&gt; &lt;signal&gt; &lt;records&gt;        is about to be sent for the first time
 * c &lt;lane&gt; &lt;request&gt; &lt;record&gt; &lt;time&gt; &lt;service&gt; &lt;name&gt;  what one of its records says
 * a &lt;lane&gt; &lt;request&gt; &lt;records&gt;                 so many of its records were acked
 * </pre>
 */
public final class AckLog implements AutoCloseable {

  static final String MAGIC = "sluice-acks";
  static final int VERSION = 2;

  private final @Nullable OutputStream out;

  private AckLog(@Nullable OutputStream out) {
    this.out = out;
  }

  /**
   * @param file null = note nothing
   * @throws IOException the file exists, or cannot be made
   */
  public static AckLog create(@Nullable Path file, RunKeys keys) throws IOException {
    if (file == null) {
      return new AckLog(null);
    }
    if (Files.exists(file)) {
      throw new IOException("cannot write audit file: " + file + " exists (name a new one)");
    }
    PrivateFile.create(file, "");
    AckLog log = new AckLog(new FileOutputStream(file.toFile()));
    log.line("%s %d %016x".formatted(MAGIC, VERSION, keys.run()));
    return log;
  }

  public void sent(int lane, int request, Shape shape) {
    line("s " + lane + " " + request + " " + shape.signal() + " " + shape.records());
  }

  /** The same, with what one of its records says, so that its row can be compared. */
  public void sent(int lane, int request, Template template, long epochNanos) {
    sent(lane, request, template.shape());
    Sample sample = Sample.of(lane, request, template, epochNanos);
    line("c " + lane + " " + request + " " + sample.toLine());
  }

  public void acked(int lane, int request, long records) {
    line("a " + lane + " " + request + " " + records);
  }

  private void line(String line) {
    if (out == null) {
      return;
    }
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      synchronized (out) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write audit file", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
    }
  }
}
