package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.security.Tls;
import io.sluice.schema.security.TlsFile;
import io.sluice.schema.security.TlsFiles;
import io.sluice.schema.security.TrialAuthority;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.grpc.GrpcUtil;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas that know each other by certificates. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class RaftTlsTest {

  private static final Set<String> HOSTS = Set.of("127.0.0.1", "writer-1.writers.example");

  @TempDir private Path directory;
  private final LongAdder refused = new LongAdder();
  private TrialAuthority authority;

  @BeforeEach
  void make() throws Exception {
    authority = TrialAuthority.in(directory.resolve("ca.p12"));
    Files.writeString(directory.resolve("ca"), authority.certificate());
  }

  private Tls issued(String name, String... hosts) throws Exception {
    TrialAuthority.Issued issued = authority.issue(name, "EC", List.of(hosts));
    Files.writeString(directory.resolve(name + ".crt"), issued.certificate());
    Files.writeString(directory.resolve(name + ".key"), issued.key());
    return Tls.read(new TlsFiles(file(name + ".crt"), file(name + ".key"), file("ca")));
  }

  private TlsFile file(String name) {
    return new TlsFile(name, directory.resolve(name));
  }

  private RaftCluster cluster(Tls tls) throws IOException {
    return new RaftCluster(
        directory, 1L << 30, Duration.ofSeconds(1), new RaftTls(tls, HOSTS, refused));
  }

  @Test
  void replicasSpeakTlsToEachOtherAndToNobodyWithoutACertificate() throws Exception {
    Tls tls = issued("writers", "127.0.0.1");
    try (RaftCluster cluster = cluster(tls)) {
      cluster.found();
      for (int i = 1; i <= 20; i++) {
        cluster.append("text " + i);
      }
      for (int i = 0; i < 3; i++) {
        Replica replica = cluster.replica(i);
        replica.await(() -> replica.texts().size() == 20);
      }
      int port = cluster.members().get(0).raft().port();
      assertThat(answer(tls, port)).isPositive();
      Tls nobody = Tls.read(new TlsFiles(null, null, file("ca")));
      assertThatThrownBy(() -> answer(nobody, port)).isInstanceOf(IOException.class);
      assertThat(refused.sum()).isZero();
    }
  }

  @Test
  void aReadersCertificateOfTheSameAuthorityChangesNothingOfAGroup() throws Exception {
    Tls writers = issued("writers", "127.0.0.1");
    Tls reader = issued("reader", "reader.example");
    try (RaftCluster cluster = cluster(writers)) {
      cluster.found();
      cluster.append("before");
      int leader = cluster.leader();
      long term = cluster.log(leader).leadership().term();
      int other = (leader + 1) % 3;

      assertThat(vote(writers, cluster, other, true)).isNotNull(); // it is a Raft request
      assertThatThrownBy(() -> vote(reader, cluster, other, false))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));

      cluster.append("after");
      assertThat(cluster.leader()).isEqualTo(leader);
      assertThat(cluster.log(leader).leadership().term()).isEqualTo(term);
      assertThat(refused.sum()).isEqualTo(1);
    }
  }

  @Test
  void aWriterReachesNobodyUnderANameThatIsNotInItsCertificate() throws Exception {
    Tls elsewhere = issued("elsewhere", "elsewhere.example");
    Tls writer = issued("writer", "127.0.0.1");
    try (RaftCluster cluster = cluster(elsewhere)) {
      cluster.found();
      assertThatThrownBy(() -> vote(writer, cluster, 0, true))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE))
          .hasRootCauseInstanceOf(java.security.cert.CertificateException.class);
    }
  }

  @Test
  void aWriterIsKnownByItsAddressOrNameOrAWildcardOrByBeingAllThatOneIsOneself() throws Exception {
    RaftTls own =
        new RaftTls(issued("own", "127.0.0.1", "localhost", "mine.example"), HOSTS, refused);
    for (String host : List.of("127.0.0.1", "*.writers.example")) {
      assertThat(own.refusal(session(issued("peer", host)))).as(host).isNull();
    }
    RaftTls moved = new RaftTls(own.tls(), Set.of("10.0.0.1"), refused);
    assertThat(moved.refusal(session(own.tls()))).isNull();
    assertThat(refused.sum()).isZero();
    assertThat(moved.refusal(session(issued("peer", "localhost", "127.0.0.1")))).isNotNull();
    for (String host : List.of("localhost", "*.example")) {
      assertThat(own.refusal(session(issued("peer", host)))).as(host).isNotNull();
    }
    assertThat(own.refusal(null)).as("a plain connection").isNotNull();
    assertThat(refused.sum()).isEqualTo(4);
  }

  /** That of a server to which a client has shown its certificate. */
  private static SSLSession session(Tls client) throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1)) {
      int port = listener.getLocalPort();
      CompletableFuture<Void> shown =
          CompletableFuture.runAsync(
              () -> {
                try (Socket socket = new Socket("127.0.0.1", port);
                    SSLSocket tls =
                        (SSLSocket)
                            client
                                .context()
                                .getSocketFactory()
                                .createSocket(socket, "127.0.0.1", port, true)) {
                  tls.startHandshake();
                  tls.getInputStream().read();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      SSLSession session;
      try (Socket accepted = listener.accept();
          SSLSocket tls =
              (SSLSocket)
                  client.context().getSocketFactory().createSocket(accepted, null, port, true)) {
        tls.setUseClientMode(false);
        tls.setNeedClientAuth(true);
        tls.startHandshake();
        session = tls.getSession();
        tls.getOutputStream().write(1);
      }
      shown.join();
      return session;
    }
  }

  /** Asks a member, in the name of another, to vote for a term that is far away. */
  private static RequestVoteReplyProto vote(Tls tls, RaftCluster cluster, int member, boolean pre)
      throws IOException {
    RaftMember to = cluster.members().get(member);
    RaftMember from = cluster.members().get((member + 1) % 3);
    RaftGroupId group = RaftGroupId.valueOf(cluster.log(member).id());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", to.raft().port())
            .sslContext(
                GrpcUtil.buildSslContextForClient(new GrpcTlsConfig(tls.keys(), tls.trust(), true)))
            .build();
    try {
      return RaftServerProtocolServiceGrpc.newBlockingStub(channel)
          .requestVote(
              RequestVoteRequestProto.newBuilder()
                  .setServerRequest(
                      RaftRpcRequestProto.newBuilder()
                          .setRequestorId(from.peerId().toByteString())
                          .setReplyId(to.peerId().toByteString())
                          .setRaftGroupId(RaftGroupIdProto.newBuilder().setId(group.toByteString()))
                          .setCallId(1))
                  .setCandidateTerm(1_000_000)
                  .setCandidateLastEntry(
                      TermIndexProto.newBuilder().setTerm(1_000_000).setIndex(1_000_000))
                  .setPreVote(pre)
                  .build());
    } finally {
      channel.shutdownNow();
    }
  }

  /** The first byte that comes of who is there: HTTP/2's settings, or an alert. */
  private static int answer(Tls tls, int port) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) tls.context().getSocketFactory().createSocket("127.0.0.1", port)) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes("US-ASCII"));
      return socket.getInputStream().read() + 1;
    }
  }
}
