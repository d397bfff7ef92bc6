package io.sluice.acceptor.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.acceptor.route.Claim;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.MalformedMessageException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogsActionTest {

  private static final HostPort ASKED = new HostPort("asked", 8815);

  private static List<Claim> claims(String json) throws Exception {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    result.write(0x0a);
    result.write(bytes.length & 0x7f | 0x80);
    result.write(bytes.length >> 7);
    result.write(bytes);
    return LogsAction.claims(result.toByteArray(), ASKED);
  }

  /** An Acceptor beside Writers of another release, which may say more than it knows. */
  @Test
  void readsWhatTheFirstReleaseSaidAndPassesOverWhatANewerOneMaySay() throws Exception {
    String json =
        Files.readString(
            Path.of("..", "writer", "src", "test", "resources", "cluster-v1", "logs.json"));
    String newer =
        json.replace("\"number\":", "\"later\":{\"logs\":[{\"id\":1}]},\"number\":")
            .replaceFirst("\"v\":1", "\"v\":1,\"logs2\":[1,null,{}]");
    assertThat(newer).isNotEqualTo(json);
    for (String said : List.of(json, newer)) {
      assertThat(claims(said))
          .containsExactly(new Claim(0, 7, ASKED), new Claim(1, 9, new HostPort("10.0.0.3", 8815)));
    }
  }

  @Test
  void saysWhoLeadsWhatIsKnown() throws Exception {
    assertThat(
            claims(
                """
                {"v":1,"writer":"writer-1","disk":"d","address":"me:1","raft":"me:2","cluster":3,
                 "later":[{"number":5}],
                 "logs":[
                  {"number":0,"id":"u","term":7,"leader":"other:8815","leads":false,"first":1,
                   "applied":123,"peers":[{"writer":"writer-0","peer":"p","raft":"x:1"}]},
                  {"number":1,"term":8,"leader":"me:1","leads":true},
                  {"number":2,"term":9,"leads":false},
                  {"number":3,"term":9,"leads":false,"leader":"nonsense"}],
                 "more":{}}
                """))
        .containsExactly(new Claim(0, 7, new HostPort("other", 8815)), new Claim(1, 8, ASKED));
  }

  /** As releases before elections said it. */
  @Test
  void whoKnowsNoElectionsLeads() throws Exception {
    assertThat(
            claims(
                """
                {"v":1,"writer":"writer-0","logs":[{"number":0,"id":"u","leader":"127.0.0.1:8815",
                 "first":1,"applied":5}]}"""))
        .containsExactly(new Claim(0, 0, ASKED));
  }

  @Test
  void whatIsNoJsonIsMalformed() {
    for (String json : List.of("", "{\"logs\":[{\"number\":\"x\"}]}", "{\"logs\":[{")) {
      assertThatThrownBy(() -> claims(json + " ".repeat(128)))
          .isInstanceOf(MalformedMessageException.class);
    }
  }
}
