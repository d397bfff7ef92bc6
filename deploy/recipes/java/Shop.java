import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.logging.Logger;

/**
 * An order shop for a moment, and its customer, both in one process and without a line of
 * OpenTelemetry: the agent sees the client's and the server's side of each request, and what is
 * logged.
 */
public final class Shop {

  private static final Logger LOG = Logger.getLogger("shop");

  public static void main(String[] arguments) throws Exception {
    int orders = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
    HttpServer shop =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    shop.createContext(
        "/orders",
        exchange -> {
          LOG.info("order placed");
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    shop.start();
    URI uri = URI.create("http://localhost:" + shop.getAddress().getPort() + "/orders");
    HttpClient customer = HttpClient.newHttpClient();
    for (int number = 0; number < orders; number++) {
      HttpRequest order =
          HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody()).build();
      customer.send(order, HttpResponse.BodyHandlers.discarding());
    }
    shop.stop(0);
    System.out.println(orders + " orders");
  }
}
