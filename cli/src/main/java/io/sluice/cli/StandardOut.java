package io.sluice.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Standard output itself: System.out swallows what goes wrong. */
final class StandardOut {

  /** As of a process that writes into a pipe whose reader has gone. */
  static final int SIGPIPE = 128 + 13;

  /** Java has no exception of its own for it. */
  private static final String BROKEN_PIPE = "Broken pipe";

  /** Not buffered. */
  static FileOutputStream open() {
    return new FileOutputStream(FileDescriptor.out);
  }

  /** Whether writing failed because nobody reads on. */
  static boolean isUnread(IOException e) {
    return BROKEN_PIPE.equals(e.getMessage());
  }

  /** Writes it all; false if nobody reads on. */
  static boolean write(CharSequence text) throws IOException {
    try {
      open().write(text.toString().getBytes(StandardCharsets.UTF_8));
      return true;
    } catch (IOException e) {
      if (isUnread(e)) {
        return false;
      }
      throw e;
    }
  }

  private StandardOut() {}
}
