/**
 * The pages for those who run a service, over HTTP/1.1 with Jetty. No client holds a thread: heads,
 * bodies and answers are read and written as they come and go, each for so long at most.
 *
 * <pre>
 * AdminServer        /metrics /livez /readyz /status, and pages that are added
 * AdminPage          one of them
 * AdminStreams       answers that go on: events, to so many at most
 * AdminHandler       who may see it, then the page, then its answer
 * AdminConnection    whom it waits for, the client or us, and since when
 * AdminConnections   not too many of them, and none that takes as long as it likes
 * OwnNames           by which names pages are asked that ask for no token
 * </pre>
 */
package io.sluice.schema.admin;
