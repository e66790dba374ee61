"""The courier: posts what a world leaves to be posted, in the background and in order."""

import threading
from collections.abc import Callable

from mockgitlab.dsl import Deliveries, Parcel
from mockgitlab.store import Store
from mockgitlab.web.listening import log


class Courier:
    """Posts the deliveries of one world in a thread of its own, which is there while there are any."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changed = threading.Condition(store.lock)
        self._thread: threading.Thread | None = None
        self.closed = False

    def wake(self, deliveries: Deliveries, on_error: Callable[[BaseException], None]) -> None:
        """Post what is left to be posted; returns at once."""
        if self.closed or not deliveries.waiting(self._store):
            return
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, args=(deliveries, on_error), name="mockgitlab courier"
                )
                self._thread.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until all is delivered; tells whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._thread is None, timeout)

    def close(self) -> None:
        """Post nothing more: what waits is dropped."""
        self.closed = True

    def _run(self, deliveries: Deliveries, on_error: Callable[[BaseException], None]) -> None:
        from mockgitlab.web.posting import post  # takes long to import for what few worlds have

        try:
            while (parcel := self._next(deliveries)) is not None:
                outcome = post(parcel, self._store.settings.webhooks.hosts, self._store.settings.webhooks.timeout)
                with self._store.transaction():
                    deliveries.done(self._store, parcel.id, outcome)
        except Exception as error:
            log(error, "a delivery failed")
            on_error(error)
            self._end()

    def _next(self, deliveries: Deliveries) -> Parcel | None:
        """Return what is to be posted next; where nothing is, the thread ends before anything can be added."""
        with self._changed:
            parcel = None if self.closed else deliveries.next(self._store)
            if parcel is None:
                self._end()
            return parcel

    def _end(self) -> None:
        with self._changed:
            self._thread = None
            self._changed.notify_all()
