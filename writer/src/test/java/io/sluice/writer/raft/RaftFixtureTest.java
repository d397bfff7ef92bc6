package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.HostPort;
import io.sluice.wal.LogRecord;
import io.sluice.writer.Fixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.ProtoUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the leader of one release appends, the followers of another one read, and keep. */
final class RaftFixtureTest {

  private static final long TIME = 1_795_000_000_000_000L;
  private static final byte[] STREAM =
      "a stream's first message ".repeat(9).getBytes(StandardCharsets.UTF_8);
  private static final int PART = 26;
  private static final byte[] PAYLOAD = {1, 2, 3, 4, 5, 6, 7};

  private static final Fixture BATCHES = new Fixture("raft-entry-batches.bin");
  private static final Fixture NOTE = new Fixture("raft-entry-note.bin");

  @TempDir private Path directory;

  private final RaftEntry entries = new RaftEntry(new StreamHeadPack());

  private static LogRecord batches() {
    CRC32C crc = new CRC32C();
    crc.update(PAYLOAD);
    return new LogRecord(STREAM, ByteBuffer.wrap(PAYLOAD), (int) crc.getValue(), true, null);
  }

  private byte[] entry(LogRecord record) {
    return RaftEntry.at(entries.encode(record), TIME).toByteArray();
  }

  private LogRecord decode(byte[] bytes) throws IOException {
    return entries.decode(ByteString.copyFrom(bytes), 42);
  }

  /** Its head may be compressed otherwise by another zstd: what it gives back counts. */
  private static byte[] withoutHead(byte[] entry) {
    int head = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(entry, 0, 4);
    out.write(entry, 8, 16);
    out.write(entry, 24 + head, entry.length - 24 - head);
    return out.toByteArray();
  }

  @Test
  void anEntryWithBatchesIsTheFixture() throws Exception {
    byte[] today = entry(batches());
    if ("write".equals(System.getProperty("sluice.fixtures"))) {
      BATCHES.requireWritten(today);
    }
    assertThat(withoutHead(today)).isEqualTo(withoutHead(BATCHES.bytes()));
    for (byte[] bytes : List.of(BATCHES.bytes(), today)) {
      LogRecord read = decode(bytes);
      assertThat(read.isNote()).isFalse();
      assertThat(read.stream()).isEqualTo(STREAM);
      assertThat(read.payload()).isEqualTo(ByteBuffer.wrap(PAYLOAD));
      assertThat(read.zstd()).isTrue();
      assertThat(read.position()).isEqualTo(42);
      assertThat(read.logTimeMicros()).isEqualTo(TIME);
    }
  }

  @Test
  void anEntryWithANoteIsTheFixture() throws Exception {
    NOTE.requireWritten(entry(LogRecord.note(ByteBuffer.wrap(PAYLOAD), null)));
    LogRecord read = decode(NOTE.bytes());
    assertThat(read.isNote()).isTrue();
    assertThat(read.payload()).isEqualTo(ByteBuffer.wrap(PAYLOAD));
    assertThat(read.logTimeMicros()).isEqualTo(TIME);
  }

  /** Four, one behind the other, of 26 bytes each but the last. */
  @Test
  void partsOfALargeEntryAreTheFixture() throws Exception {
    byte[] whole = NOTE.bytes();
    List<ByteString> parts =
        EntryParts.split(ByteString.copyFrom(whole), PART, 0x0102030405060708L);
    Fixture fixture = new Fixture("raft-entry-parts.bin");
    fixture.requireWritten(ByteString.copyFrom(parts).toByteArray());

    ByteString stored = ByteString.copyFrom(fixture.bytes());
    EntryParts together = new EntryParts();
    List<ByteString> read = new ArrayList<>();
    for (int from = 0; from < stored.size(); from += PART) {
      ByteString part = stored.substring(from, Math.min(stored.size(), from + PART));
      ByteString entry = together.add(part, 3);
      if (entry != null) {
        read.add(entry);
      }
    }
    assertThat(parts).hasSize(4);
    assertThat(read).containsExactly(ByteString.copyFrom(whole));
  }

  /** A replica that made something else of it would decide otherwise than the others. */
  @Test
  void whatANewerReleaseMayAppendIsRefused() throws Exception {
    for (int at = 0; at < 3; at++) {
      byte[] newer = NOTE.bytes();
      newer[at] = (byte) (at == 1 ? 4 : newer[at] + 2);
      assertThatThrownBy(() -> decode(newer))
          .isInstanceOf(IOException.class)
          .hasMessageMatching(
              "cannot read position 42 of the log: version \\d, kind \\d, flags \\d .*");
    }
    byte[] reserved = NOTE.bytes();
    reserved[3] = 1;
    assertThat(decode(reserved).isNote()).as("it may mean what need not be known").isTrue();
  }

  /** As where Raft's messages are read without a copy: its own bytes begin behind others. */
  @Test
  void anEntryIsReadWhereverItsBytesBegin() throws Exception {
    byte[] note = NOTE.bytes();
    ByteString within =
        ByteString.copyFrom(new byte[9]).concat(ByteString.copyFrom(note)).substring(9);
    assertThat(entries.decode(within, 42).payload()).isEqualTo(ByteBuffer.wrap(PAYLOAD));
    assertThat(RaftEntry.logTimeMicros(within)).isEqualTo(TIME);
  }

  /** It is in the configuration that every member has, and tells clients who leads. */
  @Test
  void aMemberOfTheGroupIsTheFixture() throws Exception {
    Fixture fixture = new Fixture("raft-peer.bin");
    RaftMember member =
        new RaftMember(
            "writer-2",
            UUID.fromString("5a1bf1b9-7a5b-4c6e-8f0c-7d3f6f0a9c12"),
            new HostPort("writer-2.example", 8816),
            new HostPort("writer-2.example", 8815));
    fixture.requireWritten(member.peer().getRaftPeerProto().toByteArray());
    RaftPeer read = ProtoUtils.toRaftPeer(RaftPeerProto.parseFrom(fixture.bytes()));
    assertThat(RaftMember.of(read)).isEqualTo(member);
  }

  @Test
  void aDisksIdIsTheFixture() throws Exception {
    Fixture fixture = new Fixture("disk-id");
    UUID first = UUID.fromString("0f0e0d0c-0b0a-4908-8706-050403020000");
    UUID second = UUID.fromString("1f0e0d0c-0b0a-4908-8706-050403020001");
    Files.writeString(
        directory.resolve("disk-id"),
        "sluice-disk 1 5a1bf1b9-7a5b-4c6e-8f0c-7d3f6f0a9c11\n%s\n".formatted(first));
    Files.createDirectory(directory.resolve(first.toString()));
    DiskId.of(directory).has(second);
    fixture.requireWritten(Files.readAllBytes(directory.resolve("disk-id")));

    Files.write(directory.resolve("disk-id"), fixture.bytes());
    assertThatThrownBy(() -> DiskId.of(directory)).hasMessageContaining("this disk had log 1");
    Files.createDirectory(directory.resolve(second.toString()));
    assertThat(DiskId.of(directory).id()).hasToString("5a1bf1b9-7a5b-4c6e-8f0c-7d3f6f0a9c11");
  }

  /** The Writer does not start; with another id it would vote a second time. */
  @Test
  void aDisksIdOfANewerReleaseIsRefused() throws Exception {
    Files.writeString(
        directory.resolve("disk-id"), "sluice-disk 2 5a1bf1b9-7a5b-4c6e-8f0c-7d3f6f0a9c11\n");
    assertThatThrownBy(() -> DiskId.of(directory))
        .hasMessageContaining("is no disk id: sluice-disk 2");
  }
}
