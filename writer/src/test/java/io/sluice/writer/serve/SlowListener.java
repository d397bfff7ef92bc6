package io.sluice.writer.serve;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.jspecify.annotations.Nullable;

/** A reader who is ready when the test says so, and who counts what it gets. */
final class SlowListener implements ServerStreamListener {

  private final BooleanSupplier ready;
  private @Nullable VectorSchemaRoot root;
  int windows;
  int rows;
  boolean completed;
  Runnable onPut = () -> {};

  /** What stood beside each window, and how many rows had come with it. */
  final List<String> beside = new ArrayList<>();

  final List<Integer> rowsAt = new ArrayList<>();

  SlowListener(BooleanSupplier ready) {
    this.ready = ready;
  }

  @Override
  public boolean isReady() {
    return ready.getAsBoolean();
  }

  @Override
  public void start(VectorSchemaRoot given, DictionaryProvider dictionaries, IpcOption option) {
    root = given;
  }

  @Override
  public void putNext() {
    windows++;
    onPut.run();
    rows += root == null ? 0 : root.getRowCount();
  }

  @Override
  public void putNext(ArrowBuf metadata) {
    byte[] bytes = new byte[(int) metadata.readableBytes()];
    metadata.getBytes(0, bytes);
    metadata.close();
    windows++;
    rows += root == null ? 0 : root.getRowCount();
    beside.add(new String(bytes, StandardCharsets.UTF_8));
    rowsAt.add(rows);
    onPut.run();
  }

  @Override
  public void putMetadata(ArrowBuf metadata) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void error(Throwable cause) {
    throw new AssertionError(cause);
  }

  @Override
  public void completed() {
    completed = true;
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {}
}
