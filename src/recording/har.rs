//! The members of a HAR 1.2 file that matter (<http://www.softwareishard.com/blog/har-12-spec/>), and those that
//! browsers add to say what they took from their cache.

use serde::de::{Error as _, MapAccess, SeqAccess};

use crate::recording::body::is_of_no_use;
use crate::recording::lenient::{Budget, Into, Long, Number, Pairs, Said, Short, Sink, ignore};

/// Takes entries as they are read; tells whether it wants more.
pub(super) trait Taker {
    fn take(&mut self, entry: Entry<'_>) -> bool;
}

/// The file.
pub(super) struct Root<'a, T> {
    pub(super) log: Log<'a, T>,
}

impl<T: Taker> Sink for Root<'_, T> {
    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "log" => map.next_value_seed(Into(&mut self.log)),
            _ => ignore(map),
        }
    }
}

/// Its one member.
pub(super) struct Log<'a, T> {
    pub(super) creator: Creator<'a>,
    pub(super) entries: Entries<'a, T>,
    /// There is a list of entries.
    pub(super) is_har: bool,
}

impl<'a, T> Log<'a, T> {
    pub(super) fn new(taker: T, budget: &'a Budget) -> Self {
        Self {
            creator: Creator {
                name: Short::new(budget),
                version: Short::new(budget),
            },
            entries: Entries { taker, budget },
            is_har: false,
        }
    }
}

impl<T: Taker> Sink for Log<'_, T> {
    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "creator" => map.next_value_seed(Into(&mut self.creator)),
            "entries" => {
                self.is_har = true;
                map.next_value_seed(Into(&mut self.entries))
            }
            _ => ignore(map),
        }
    }
}

/// What made the recording.
pub(super) struct Creator<'a> {
    pub(super) name: Short<'a>,
    pub(super) version: Short<'a>,
}

impl Sink for Creator<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "name" => map.next_value_seed(Into(&mut self.name)),
            "version" => map.next_value_seed(Into(&mut self.version)),
            _ => ignore(map),
        }
    }
}

/// The list of entries, handed on one by one.
pub(super) struct Entries<'a, T> {
    pub(super) taker: T,
    budget: &'a Budget,
}

impl<T: Taker> Sink for Entries<'_, T> {
    fn element<'de, A: SeqAccess<'de>>(&mut self, array: &mut A) -> Result<bool, A::Error> {
        let mut entry = Entry::new(self.budget);
        if array.next_element_seed(Into(&mut entry))?.is_none() {
            return Ok(false);
        }
        if self.taker.take(entry) {
            Ok(true)
        } else {
            Err(A::Error::custom("no more is taken"))
        }
    }
}

/// One request with its answer, as written.
pub(super) struct Entry<'a> {
    pub(super) started: Short<'a>,
    pub(super) request: Request<'a>,
    pub(super) response: Response<'a>,
    pub(super) from_cache: bool,
}

impl<'a> Entry<'a> {
    fn new(budget: &'a Budget) -> Self {
        Self {
            started: Short::new(budget),
            request: Request {
                method: Short::new(budget),
                url: Short::new(budget),
                headers: Pairs::new(budget),
                cookies: Pairs::new(budget),
                post: PostData {
                    is_there: false,
                    content_type: Short::new(budget),
                    text: Long::default(),
                    encoding: Short::new(budget),
                    params: Pairs::new(budget),
                },
            },
            response: Response {
                status: Number::default(),
                headers: Pairs::new(budget),
                location: Short::new(budget),
                content: Content {
                    size: Number::default(),
                    content_type: Short::new(budget),
                    encoding: Short::new(budget),
                    text: Long::default(),
                },
            },
            from_cache: false,
        }
    }
}

impl Sink for Entry<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "startedDateTime" => map.next_value_seed(Into(&mut self.started)),
            "request" => map.next_value_seed(Into(&mut self.request)),
            "response" => map.next_value_seed(Into(&mut self.response)),
            // Chrome and Edge.
            "_fromCache" => {
                let mut said = Said::default();
                map.next_value_seed(Into(&mut said))?;
                self.from_cache |= said.0;
                Ok(())
            }
            // Safari: `Memory Cache`, `Disk Cache`, `Network Load`.
            "_fetchType" => {
                let mut kind = Kind::default();
                map.next_value_seed(Into(&mut kind))?;
                self.from_cache |= kind.0;
                Ok(())
            }
            // Firefox, and the standard.
            "cache" => {
                let mut cache = Cache::default();
                map.next_value_seed(Into(&mut cache))?;
                self.from_cache |= cache.0;
                Ok(())
            }
            _ => ignore(map),
        }
    }
}

#[derive(Default)]
struct Kind(bool);

impl Sink for Kind {
    fn text(&mut self, text: &str) {
        self.0 = text.to_ascii_lowercase().ends_with("cache");
    }
}

#[derive(Default)]
struct Cache(bool);

impl Sink for Cache {
    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        if name != "afterRequest" {
            return ignore(map);
        }
        let mut said = Said::default();
        map.next_value_seed(Into(&mut said))?;
        self.0 |= said.0;
        Ok(())
    }
}

/// What was asked.
pub(super) struct Request<'a> {
    pub(super) method: Short<'a>,
    pub(super) url: Short<'a>,
    pub(super) headers: Pairs<'a>,
    pub(super) cookies: Pairs<'a>,
    pub(super) post: PostData<'a>,
}

impl Sink for Request<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "method" => map.next_value_seed(Into(&mut self.method)),
            "url" => map.next_value_seed(Into(&mut self.url)),
            "headers" => map.next_value_seed(Into(&mut self.headers)),
            "cookies" => map.next_value_seed(Into(&mut self.cookies)),
            "postData" => map.next_value_seed(Into(&mut self.post)),
            _ => ignore(map),
        }
    }
}

/// What was sent.
pub(super) struct PostData<'a> {
    pub(super) is_there: bool,
    pub(super) content_type: Short<'a>,
    pub(super) text: Long,
    /// Not in the standard; proxies and some browsers write `base64` for bodies that are no text.
    pub(super) encoding: Short<'a>,
    pub(super) params: Pairs<'a>,
}

impl Sink for PostData<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        self.is_there = true;
        match name {
            "mimeType" => map.next_value_seed(Into(&mut self.content_type)),
            "text" => map.next_value_seed(Into(&mut self.text)),
            "encoding" | "_encoding" => map.next_value_seed(Into(&mut self.encoding)),
            "params" => map.next_value_seed(Into(&mut self.params)),
            _ => ignore(map),
        }
    }
}

/// What was answered.
pub(super) struct Response<'a> {
    pub(super) status: Number,
    pub(super) headers: Pairs<'a>,
    pub(super) location: Short<'a>,
    pub(super) content: Content<'a>,
}

impl Sink for Response<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "status" => map.next_value_seed(Into(&mut self.status)),
            "headers" => map.next_value_seed(Into(&mut self.headers)),
            "redirectURL" => map.next_value_seed(Into(&mut self.location)),
            "content" => map.next_value_seed(Into(&mut self.content)),
            _ => ignore(map),
        }
    }
}

/// The body of the answer.
pub(super) struct Content<'a> {
    pub(super) size: Number,
    pub(super) content_type: Short<'a>,
    pub(super) encoding: Short<'a>,
    pub(super) text: Long,
}

impl Sink for Content<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "size" => map.next_value_seed(Into(&mut self.size)),
            "mimeType" => map.next_value_seed(Into(&mut self.content_type)),
            "encoding" => map.next_value_seed(Into(&mut self.encoding)),
            // The type comes first as browsers write it: a picture need not even be held for a moment.
            "text" if !is_of_no_use(&self.content_type.text) => map.next_value_seed(Into(&mut self.text)),
            _ => ignore(map),
        }
    }
}
