package io.sluice.s3server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a store, keeps what is asked of it, and lets it go wrong by a script. Any thread
 * may use it, and any number may talk to it.
 */
public final class FaultyStore implements AutoCloseable {

  private static final int BACKLOG = 100;

  private final URI store;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool(FaultyStore::daemon);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Queue<S3Request> requests = new ConcurrentLinkedQueue<>();
  private final AtomicInteger faults = new AtomicInteger();
  private volatile FaultScript script = FaultScript.NOTHING;

  private FaultyStore(URI store, ServerSocket listener) {
    this.store = store;
    this.listener = listener;
  }

  /** Serves when it returns, and lets all pass. */
  public static FaultyStore before(URI store) throws IOException {
    FaultyStore faulty =
        new FaultyStore(store, new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
    faulty.threads.execute(faulty::accept);
    return faulty;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "faulty-store");
    thread.setDaemon(true);
    return thread;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** From now on; what was kept and counted is forgotten. */
  public void play(FaultScript next) {
    script = next;
    requests.clear();
    faults.set(0);
  }

  /** What came since the script began, in its order. */
  public List<S3Request> requests() {
    return List.copyOf(requests);
  }

  /** What came of a kind. */
  public List<S3Request> requests(S3Call call) {
    return requests.stream().filter(request -> request.call() == call).toList();
  }

  /** How many went wrong since the script began. */
  public int faults() {
    return faults.get();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listener.accept();
        open.add(client);
        threads.execute(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      FaultyExchange exchange = FaultyExchange.read(client, store);
      S3Request asked = exchange.asked();
      requests.add(asked);
      Optional<StoreFault> fault = script.on(asked);
      if (fault.isPresent()) {
        faults.incrementAndGet();
        exchange.fail(fault.get());
      } else {
        exchange.pass();
      }
    } catch (IOException oneOfThemHasGone) {
      // The other one learns it by the close.
    } finally {
      open.remove(client);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket client : open) {
      client.close();
    }
    threads.shutdown();
  }
}
