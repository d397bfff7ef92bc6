package io.sluice.bench.fuzz;

import io.sluice.bench.fuzz.mutate.HttpMutator;
import io.sluice.bench.fuzz.mutate.JsonMutator;
import io.sluice.bench.fuzz.mutate.WireMutator;
import io.sluice.schema.table.Signal;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The HTTP edge, by raw connections one after the other; some of them stay open meanwhile. Inputs
 * are those of {@link HttpMutator}.
 */
final class HttpTarget implements FuzzTarget {

  private static final int INPUTS_PER_CHECK = 50;
  private static final int STAYING = 24;
  private static final int PATIENCE_MILLIS = 20_000;

  private final Corpus corpus;
  private final Victim victim;
  private final Neighbour neighbour;
  private final HttpMutator connections;
  private final WireMutator fields = new WireMutator();
  private final JsonMutator tokens = new JsonMutator();
  private final HttpOracle oracle = new HttpOracle();
  private final Deque<Socket> staying = new ArrayDeque<>();

  /**
   * @param largest request that the victim takes
   */
  HttpTarget(Corpus corpus, Victim victim, int largest, long run) {
    this.corpus = corpus;
    this.victim = victim;
    this.neighbour = new Neighbour(victim, run);
    this.connections = new HttpMutator(largest);
  }

  @Override
  public String name() {
    return "http";
  }

  @Override
  public byte[] input(SplittableRandom random) {
    return connections.connection(() -> content(random), random);
  }

  private HttpMutator.Content content(SplittableRandom random) {
    Signal signal = SignalInput.any(random);
    boolean json = random.nextInt(3) == 0;
    byte[] body = json ? corpus.json(signal, random) : corpus.protobuf(signal, random);
    if (random.nextInt(3) == 0) {
      body =
          json
              ? tokens.mutate(body, corpus.json(signal, random), random)
              : fields.mutate(
                  body, corpus.protobuf(signal, random), TextAsBytes.strict(signal), random);
    }
    String version = signal == Signal.PROFILES ? "/v1development/" : "/v1/";
    String path = version + signal.name().toLowerCase(Locale.ROOT);
    return new HttpMutator.Content(path, json, body);
  }

  @Override
  public Verdict feed(byte[] input) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), victim.httpPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    byte how = input[0];
    if (how == HttpMutator.STAY) {
      staying.addLast(socket);
      send(socket, input, false);
      if (staying.size() > STAYING) {
        staying.removeFirst().close();
      }
      return Verdict.REJECTED;
    }
    try (socket) {
      if (how == HttpMutator.RESET) {
        socket.setSoLinger(true, 0);
        send(socket, input, false);
        return Verdict.REJECTED;
      }
      send(socket, input, how == HttpMutator.PIECES);
      return read(socket, mayAnswerHead(input)) ? Verdict.ACCEPTED : Verdict.REJECTED;
    }
  }

  /** What the server does not want any more it need not take. */
  private static void send(Socket socket, byte[] input, boolean pieces) {
    try {
      int piece = pieces ? 1 + input.length / 7 : input.length;
      for (int at = 1; at < input.length; at += piece) {
        socket.getOutputStream().write(input, at, Math.min(piece, input.length - at));
      }
      if (input[0] == HttpMutator.READ_TO_END || pieces) {
        socket.shutdownOutput();
      }
    } catch (IOException e) {
      return; // then it has answered
    }
  }

  private boolean read(Socket socket, boolean head) throws IOException, Finding {
    boolean taken = false;
    try (InputStream in = new BufferedInputStream(socket.getInputStream())) {
      if (head) {
        in.transferTo(OutputStream.nullOutputStream()); // which answers have bodies is not known
        return false;
      }
      for (HttpReply reply = HttpReply.read(in); reply != null; ) {
        oracle.check(reply);
        taken |= reply.status() == 200;
        reply = HttpReply.read(in);
      }
      return taken;
    } catch (SocketTimeoutException e) {
      throw new Finding("not answered, and not closed", e);
    } catch (IOException e) {
      return taken; // reset by the server while it had not read all
    }
  }

  private static boolean mayAnswerHead(byte[] input) {
    return new String(input, StandardCharsets.ISO_8859_1).contains("HEAD ");
  }

  @Override
  public int inputsPerCheck() {
    return INPUTS_PER_CHECK;
  }

  @Override
  public void check() throws Exception {
    neighbour.check();
    while (!staying.isEmpty()) {
      staying.removeFirst().close();
    }
    neighbour.requireIdle();
    victim.requireSound();
  }

  @Override
  public String remarks() {
    return victim.memory();
  }

  @Override
  public void close() {
    neighbour.close();
  }
}
