package io.sluice.writer.raft;

import io.sluice.schema.security.PeerCertificate;
import io.sluice.schema.security.Tls;
import io.sluice.schema.service.Seldom;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How replicas know each other: not only by an authority, which may have certified readers, too,
 * but by a certificate for a host that is a Writer's. As a client each checks the name of whom it
 * reaches, so that every Writer has one. Any thread.
 *
 * @param tls both ways
 * @param hosts all Writers', as they are reached
 * @param refused counts calls of others
 */
public record RaftTls(Tls tls, Set<String> hosts, LongAdder refused) {

  private static final Logger LOG = LoggerFactory.getLogger(RaftTls.class);
  private static final Seldom SAYING = new Seldom(System::nanoTime);

  public RaftTls {
    hosts = Set.copyOf(hosts);
  }

  /**
   * Why a call is not taken; null if it is.
   *
   * @param session of its connection; null if that is plain
   */
  @Nullable String refusal(@Nullable SSLSession session) {
    Optional<PeerCertificate> shown = PeerCertificate.of(session);
    String why = shown.isEmpty() ? "no certificate was shown" : refusal(shown.get());
    if (why != null) {
      refused.increment();
      long passedOver = SAYING.ask();
      if (passedOver >= 0) {
        LOG.warn(
            "refused a call to the Raft port: {}{} ({} like it before were not logged)",
            why,
            shown.map(peer -> ": " + peer.subject()).orElse(""),
            passedOver);
      }
    }
    return why;
  }

  private @Nullable String refusal(PeerCertificate peer) {
    if (!peer.isBelieved(tls)) {
      return "the certificate is of no authority of tls.ca";
    }
    return hosts.stream().anyMatch(peer::isFor) || peer.isForAllOf(tls)
        ? null
        : "the certificate is for no host of writers";
  }
}
