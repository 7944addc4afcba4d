// The search of the site asks a worker; this file makes two things right that the theme leaves open. The theme knows
// a file of this name as the one that brings workers to pages without a server, and then fetches none of its own.

// The worker cuts Chinese queries into words of its index and loses the last word of each run, unless one more
// character follows; this one stands in no text.
const FOLLOWS = "\u3400"
const QUERY = 2

function prepared(message) {
  if (message.type !== QUERY) return message
  return { ...message, data: message.data.replace(/\p{sc=Han}+/gu, run => run + FOLLOWS) }
}

class SearchWorker extends Worker {
  postMessage(message) {
    super.postMessage(prepared(message))
  }
}

// Browsers start no worker for a page opened from a folder: a hidden frame runs its script.
class IFrameWorker extends EventTarget {
  constructor(url) {
    super()
    const frame = document.createElement("iframe")
    frame.hidden = true
    frame.srcdoc = `<script>postMessage = data => parent.postMessage(data, "*")</script><script src="${url}"></script>`
    this.ready = new Promise(done => frame.addEventListener("load", () => done(frame.contentWindow)))
    window.addEventListener("message", event => {
      if (event.source === frame.contentWindow)
        this.dispatchEvent(new MessageEvent("message", { data: event.data }))
    })
    document.body.append(frame)
  }

  postMessage(message) {
    this.ready.then(inner => inner.dispatchEvent(new MessageEvent("message", { data: prepared(message) })))
  }
}

if (location.protocol === "file:") window.IFrameWorker = window.Worker = IFrameWorker
else window.Worker = SearchWorker
