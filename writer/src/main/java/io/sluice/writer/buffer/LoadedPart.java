package io.sluice.writer.buffer;

/** One batch in memory. */
record LoadedPart(BatchRows content, Voids voids) implements HotPart {

  @Override
  public long from() {
    return to() - 1;
  }

  @Override
  public long to() {
    return content.batch().position();
  }

  @Override
  public long rows() {
    return content.rows();
  }

  @Override
  public long bytes() {
    return content.batch().bytes();
  }

  /** The same rows, once the batch is let go. */
  LoggedPart spilled() {
    return LoggedPart.inLog(from(), to(), rows(), bytes(), voids);
  }

  @Override
  public LoggedPart above(long position, RecordRows records, Voids newVoids) {
    return LoggedPart.inLog(from(), to(), rows(), bytes(), newVoids);
  }
}
