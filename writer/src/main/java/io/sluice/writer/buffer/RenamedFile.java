package io.sluice.writer.buffer;

/** Lets a parked set's file be of another range. */
@FunctionalInterface
public interface RenamedFile<E extends Exception> {
  void run() throws E;
}
