package io.sluice.writer.raft;

import java.io.IOException;
import java.nio.file.Path;

final class LocalLogContractTest extends DurableLogContract {

  @Override
  LogForm open(Path directory, long maxBytes) throws IOException {
    return new LocalForm(directory, maxBytes);
  }
}
