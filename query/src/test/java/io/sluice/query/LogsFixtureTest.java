package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.HostPort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A reader beside Writers of another release: what they say of their logs. */
class LogsFixtureTest {

  private static final Path FIXTURE =
      Path.of("..", "writer", "src", "test", "resources", "cluster-v1", "logs.json");
  private static final HostPort ASKED = new HostPort("10.0.0.2", 8815);

  @Test
  void whatTheFirstReleaseSaysIsRead() throws Exception {
    requireRead(Files.readString(FIXTURE));
  }

  @Test
  void whatANewerOneSaysBeyondThatIsPassedOver() throws Exception {
    String json = Files.readString(FIXTURE);
    String newer =
        json.replace("\"number\":", "\"later\":{\"logs\":[{\"id\":1}]},\"number\":")
            .replaceFirst("\"v\":1", "\"v\":1,\"logs2\":[1,null,{}]");
    assertThat(newer).isNotEqualTo(json);
    requireRead(newer);
  }

  private static void requireRead(String json) throws Exception {
    WriterLogs logs = WriterLogs.parse(ASKED, json.getBytes(StandardCharsets.UTF_8));
    assertThat(logs.writer()).isEqualTo("writer-1");
    assertThat(logs.address()).isEqualTo(ASKED);
    assertThat(logs.cluster()).isEqualTo(3);
    assertThat(logs.logs()).extracting(LogClaim::number).containsExactly(0, 1, 2);
    assertThat(logs.logs()).extracting(LogClaim::term).containsExactly(7L, 9L, 12L);
    assertThat(logs.logs()).extracting(LogClaim::leads).containsExactly(true, false, false);
    assertThat(logs.logs())
        .extracting(LogClaim::leader)
        .containsExactly(ASKED, new HostPort("10.0.0.3", 8815), null);
    assertThat(logs.logs())
        .extracting(LogClaim::peers)
        .containsOnly(List.of("writer-0", "writer-1", "writer-2"));
  }
}
