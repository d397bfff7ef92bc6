package io.sluice.cli.doctor;

import io.sluice.acceptor.AcceptorSettings;
import io.sluice.schema.service.CommonSettings;
import io.sluice.writer.WriterSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All checks of a machine on which a Writer and an Acceptor are to run. */
public final class Doctor {

  /** Of each service's own: -Xmx and what its direct buffers may take, as cli/src/main/jvm has. */
  private static final long WRITER_HEAP = 1L << 30;

  private static final long ACCEPTOR_HEAP = 768L << 20;

  private final WriterSettings writer;
  private final AcceptorSettings acceptor;
  private final boolean running;

  /**
   * @param running whether a Writer has the data directory
   */
  public Doctor(WriterSettings writer, AcceptorSettings acceptor, boolean running) {
    this.writer = writer;
    this.acceptor = acceptor;
    this.running = running;
  }

  /** Takes a second or two, and longer where something does not answer. */
  public List<Finding> run() throws InterruptedException {
    CommonSettings common = writer.common();
    ClockChecks clock = new ClockChecks();
    ProcessChecks process = new ProcessChecks();
    int logs = common.placement().logs(common.ordinal()).size();
    List<Finding> findings = new ArrayList<>();
    findings.add(process.processors());
    findings.add(
        process.memory(
            WRITER_HEAP
                + writer.memoryBytes()
                + writer.intakeBytes()
                + ACCEPTOR_HEAP
                + acceptor.memory().bytes()));
    findings.add(process.files(connections()));
    findings.addAll(
        new DiskChecks(common.data())
            .run(Math.max(1, logs) * writer.wal().maxBytes() + writer.parkBytes()));
    findings.add(clock.steady());
    findings.addAll(new PortChecks(common.bindAddress(), running).run(ports(common)));
    findings.addAll(new LakeChecks(writer.lake()).run());
    return findings;
  }

  private long connections() {
    return (long) acceptor.receive().maxConnections() + acceptor.http().maxConnections();
  }

  private static Map<String, Integer> ports(CommonSettings common) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    ports.put(CommonSettings.OTLP_GRPC_PORT, common.otlpGrpcPort());
    ports.put(CommonSettings.OTLP_HTTP_PORT, common.otlpHttpPort());
    ports.put(CommonSettings.FLIGHT_PORT, common.flightPort());
    ports.put(CommonSettings.ACCEPTOR_ADMIN_PORT, common.acceptorAdminPort());
    ports.put(CommonSettings.WRITER_ADMIN_PORT, common.writerAdminPort());
    if (common.isReplicated()) {
      ports.put(CommonSettings.RAFT_PORT, common.raftPort());
    }
    return ports;
  }
}
