//! Pictures are made small on the phone before they are kept: 1,600 px at the longer side, JPEG. Drawing
//! them anew also drops everything the camera wrote into them (place, time, device).

use crate::i18n::t;
use js_sys::{Promise, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap};

/// Longer side of a kept picture, px.
const SIDE: f64 = 1_600.0;
/// Larger files are not even decoded: a phone of 3 GB would not survive it.
const TOO_LARGE: f64 = 60_000_000.0;

/// The picture as JPEG bytes, or the sentence that says what to do.
pub async fn shrink(file: &File) -> Result<Vec<u8>, &'static str> {
    if file.size() > TOO_LARGE {
        return Err(t("pic.too-large"));
    }
    shrunk(file).await.map_err(|_| t("pic.unreadable"))
}

async fn shrunk(file: &File) -> Result<Vec<u8>, JsValue> {
    let bitmap = JsFuture::from(window().create_image_bitmap_with_blob(file)?).await?;
    let bitmap: ImageBitmap = bitmap.unchecked_into();
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (SIDE / width.max(height)).min(1.0);
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width((width * scale).round().max(1.0) as u32);
    canvas.set_height((height * scale).round().max(1.0) as u32);
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context.draw_image_with_image_bitmap_and_dw_and_dh(
        &bitmap,
        0.0,
        0.0,
        f64::from(canvas.width()),
        f64::from(canvas.height()),
    )?;
    bitmap.close();
    let blob: Blob = jpeg(&canvas).await?.dyn_into()?;
    let buffer = JsFuture::from(blob.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

async fn jpeg(canvas: &HtmlCanvasElement) -> Result<JsValue, JsValue> {
    let canvas = canvas.clone();
    let promise = Promise::new(&mut move |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _ = if blob.is_null() {
                reject.call0(&JsValue::NULL)
            } else {
                resolve.call1(&JsValue::NULL, &blob)
            };
        });
        let _ = canvas.to_blob_with_type_and_encoder_options(
            done.unchecked_ref(),
            "image/jpeg",
            &JsValue::from_f64(0.8),
        );
    });
    JsFuture::from(promise).await
}
