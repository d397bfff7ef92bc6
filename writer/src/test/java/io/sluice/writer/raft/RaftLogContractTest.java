package io.sluice.writer.raft;

import java.io.IOException;
import java.nio.file.Path;

final class RaftLogContractTest extends DurableLogContract {

  @Override
  LogForm open(Path directory, long maxBytes) throws IOException {
    return new RaftForm(directory, maxBytes);
  }
}
