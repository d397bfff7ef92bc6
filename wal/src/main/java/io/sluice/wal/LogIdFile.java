package io.sluice.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code log-id}: {@code sluice-log 1 <uuid>} and a newline. Made after the first segment
 * is durable, so that an id without segments is a loss, not a beginning.
 */
final class LogIdFile {
  private static final String TEMPORARY = SegmentName.LOG_ID + ".new";
  private static final String FORM = "sluice-log 1 ";
  private static final int LENGTH = FORM.length() + 36 + 1;

  private LogIdFile() {}

  /** Null if there is none. */
  static @Nullable UUID read(Storage storage) throws IOException {
    if (!storage.list().contains(SegmentName.LOG_ID)) {
      return null;
    }
    try (Storage.StorageFile file = storage.open(SegmentName.LOG_ID, Storage.Access.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(LENGTH + 1);
      file.readFully(bytes, 0);
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      if (text.length() != LENGTH || !text.startsWith(FORM)) {
        throw new CorruptLogException(SegmentName.LOG_ID, 0, FORM + "<uuid>", text);
      }
      try {
        return UUID.fromString(text.substring(FORM.length()).strip());
      } catch (IllegalArgumentException notAnId) {
        throw new CorruptLogException(SegmentName.LOG_ID, FORM.length(), "a UUID", text);
      }
    }
  }

  static void write(Storage storage, UUID id) throws IOException {
    if (storage.list().contains(TEMPORARY)) {
      storage.delete(TEMPORARY);
    }
    try (Storage.StorageFile file = storage.create(TEMPORARY)) {
      byte[] text = (FORM + id + "\n").getBytes(StandardCharsets.UTF_8);
      file.write(new ByteBuffer[] {ByteBuffer.wrap(text)}, 1, 0);
      file.force();
    }
    storage.rename(TEMPORARY, SegmentName.LOG_ID);
    storage.forceDirectory();
  }
}
