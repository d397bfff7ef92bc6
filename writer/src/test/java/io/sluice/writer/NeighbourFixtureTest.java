package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.schema.service.HostPort;
import io.sluice.writer.raft.Neighbour;
import io.sluice.writer.raft.RaftMember;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What Writers of two releases say to each other of their disks and replicas. */
public class NeighbourFixtureTest {

  private static final List<RaftMember> MEMBERS = List.of(member(0), member(1), member(2));

  private static RaftMember member(int i) {
    return new RaftMember(
        "writer-" + i,
        new UUID(0x5a1bf1b97a5b4c6eL, 0x8f0c7d3f6f0a9c10L + i),
        new HostPort("10.0.0." + (i + 1), 8816),
        new HostPort("10.0.0." + (i + 1), 8815));
  }

  /** As ReplicatedLogs does, but for what a first release did not say. */
  public static void writeSelf(JsonGenerator out) throws IOException {
    RaftMember self = MEMBERS.get(1);
    out.writeStringField("disk", self.disk().toString());
    out.writeStringField("raft", self.raft().toString());
    out.writeStringField("flight", self.flight().toString());
  }

  /** The same. */
  public static void writeMembers(JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("peers");
    for (RaftMember member : MEMBERS) {
      out.writeStartObject();
      NeighbourJson.write(out, member);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  @Test
  void aNeighbourIsReadFromTheFixture() throws Exception {
    requireRead(NeighbourJson.parse(new Fixture("logs.json").bytes()));
  }

  @Test
  void whatANewerNeighbourSaysBeyondThatIsPassedOver() throws Exception {
    String json = new String(new Fixture("logs.json").bytes(), StandardCharsets.UTF_8);
    String newer =
        json.replace("\"number\":", "\"later\":{\"logs\":[{\"id\":1}]},\"number\":")
            .replaceFirst("\"v\":1", "\"v\":1,\"logs2\":[1,null,{}]");
    assertThat(newer).isNotEqualTo(json);
    requireRead(NeighbourJson.parse(newer.getBytes(StandardCharsets.UTF_8)));
  }

  private static void requireRead(Neighbour neighbour) {
    assertThat(neighbour.self()).isEqualTo(MEMBERS.get(1));
    assertThat(neighbour.logs())
        .hasSize(3)
        .allMatch(log -> log.membership().members().equals(MEMBERS));
    assertThat(neighbour.logs())
        .as("nobody deletes a replica by what an older Writer says")
        .noneMatch(log -> log.membership().settled());
    assertThat(neighbour.logs()).extracting(Neighbour.Known::term).containsExactly(7L, 9L, 12L);
    List<Map.Entry<Integer, HostPort>> leaders =
        new ArrayList<>(Neighbour.leaders(List.of(neighbour)).entrySet());
    assertThat(leaders)
        .containsExactlyInAnyOrder(
            Map.entry(0, new HostPort("10.0.0.2", 8815)),
            Map.entry(1, new HostPort("10.0.0.3", 8815)));
  }

  @Test
  void whoAsksToBeTakenInWritesTheFixture() throws Exception {
    Fixture fixture = new Fixture("join.json");
    fixture.requireWritten(NeighbourJson.join(2, MEMBERS.get(0)));
    assertThat(NeighbourJson.asked(fixture.bytes()).log()).isEqualTo(2);
    assertThat(NeighbourJson.member(fixture.bytes())).isEqualTo(MEMBERS.get(0));
    byte[] newer =
        new String(fixture.bytes(), StandardCharsets.UTF_8)
            .replace("{\"log\"", "{\"why\":[{\"log\":9}],\"log\"")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(NeighbourJson.asked(newer).log()).isEqualTo(2);
    assertThat(NeighbourJson.member(newer)).isEqualTo(MEMBERS.get(0));
  }
}
