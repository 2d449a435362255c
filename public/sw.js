/* The service worker: shows the messages that convex/notifiers/webpush.ts sends, and opens the page they are about.
   It caches nothing and answers no requests. */

/* A push without a readable message must show something too: browsers take the right to push away otherwise. */
const UNREADABLE = {
  title: "Rollcall",
  body: "",
  tag: "rollcall",
  path: "/",
  acknowledgeUrl: null,
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const { title, body, tag, at, path, acknowledgeUrl } = messageIn(event);
  event.waitUntil(
    self.registration.showNotification(title, {
      body,
      tag,
      timestamp: at,
      icon: "/icon-192.png",
      badge: "/icon-192.png",
      data: { path, acknowledgeUrl },
      actions: acknowledgeUrl === null ? [] : [{ action: "acknowledge", title: "Acknowledge" }],
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  const { path, acknowledgeUrl } = event.notification.data;
  event.notification.close();
  const isAcknowledging = event.action === "acknowledge" && acknowledgeUrl !== null;
  event.waitUntil(isAcknowledging ? self.clients.openWindow(acknowledgeUrl) : openPage(path));
});

/* In a window that is open already, else in a new one. Paths only: a message cannot lead away from here. */
async function openPage(path) {
  const url = new URL(path, self.location.origin);
  const target = url.origin === self.location.origin ? url.href : self.location.origin;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const client of windows) {
    const moved = await client.focus().then(
      (focused) => focused.navigate(target),
      () => null,
    );
    if (moved !== null) return;
  }
  await self.clients.openWindow(target);
}

function messageIn({ data }) {
  try {
    return { ...UNREADABLE, ...data.json() };
  } catch {
    return UNREADABLE;
  }
}
